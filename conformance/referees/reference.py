"""Prints docs/reference/referees.md: each program with its version of the lock, and what it checks.

./bazelw run //conformance/referees:reference -- --write
"""

import ast
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from runfiles import Runfiles

PATH: Final = Path("docs/reference/referees.md")

_GO_LOCK: Final = "tools/referees/go.mod"
_PYTHON_LOCK: Final = "tools/python/requirements.lock"

_INTRODUCTION: Final = """\
# The referees

<!-- Made by conformance/referees/reference.py from the tests and the locks. Do not edit. -->

Programs that others have written for any gRPC server, tried unmodified on the server of every language, in
plaintext and in mTLS: what they say is a judgement that this project has no part in.

```
./bazelw test //conformance/referees/...      all
./bazelw test //conformance:referees_go       the server of one language
```

The tests are in `conformance/referees`, a file for each program. What a program is asked stands in `calls.py` once for
those that make calls; their outcomes, exit codes included, are held in full where they are the server's doing.

The programs are compiled from their modules by the machine's Go, from a lock of their own (`tools/referees/go.mod` and
`go.sum`), so that they and the workspace's own Go code do not decide each other's versions. In one lock the programs
share the newest version of whatever two of them need: their own code is as released, gRPC in them may be newer. buf is
the wheel that lints the protos too.

| program | version | lock |
|---|---|---|
"""

_LIMITS: Final = """\
## Limits of the programs

- ghz exits 0 whatever the calls' status: its JSON is read, the distribution of status codes and of errors.
- ghz ends a Monitor by time alone, so its load on that method is of calls that are refused.
- grpcurl asks reflection v1 first and v1alpha only where that is missing; buf is told which of them to ask.
- grpc-health-probe waits for a connection until its time is up where it is refused one, and does not say why.
"""


class Program(NamedTuple):
    """A referee: where its version and its tests are."""

    name: str
    # Module or distribution, in the lock.
    package: str
    lock: str
    tests: str


PROGRAMS: Final = (
    Program("grpcurl", "github.com/fullstorydev/grpcurl", _GO_LOCK, "grpcurl_test.py"),
    Program(
        "grpc-health-probe",
        "github.com/grpc-ecosystem/grpc-health-probe",
        _GO_LOCK,
        "grpc_health_probe_test.py",
    ),
    Program("ghz", "github.com/bojand/ghz", _GO_LOCK, "ghz_test.py"),
    Program("buf curl", "buf-bin", _PYTHON_LOCK, "buf_test.py"),
)


def version(package: str, lock: str) -> str:
    """The version of a package in the text of a go.mod or of requirements; ValueError where it has none."""
    pattern = rf"^\s*{re.escape(package)}(?: v|==)(\S+)"
    found = re.findall(pattern, lock, re.MULTILINE)
    if len(found) != 1:
        raise ValueError(f"{package} stands {len(found)} times in its lock: expected once")
    return str(found[0])


def checks(source: str) -> Iterator[str]:
    """The first lines that the tests of a module say of themselves, the module's own first."""
    module = ast.parse(source)
    yield ast.get_docstring(module) or ""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield (ast.get_docstring(node) or "").partition("\n")[0]


def reference(read: Callable[[str], str]) -> str:
    """The whole page; `read` gives the text of a file of the workspace."""
    lines = [
        f"| {program.name} | {version(program.package, read(program.lock))} | `{program.lock}` |\n"
        for program in PROGRAMS
    ]
    for program in PROGRAMS:
        headline, *tests = checks(read(f"conformance/referees/{program.tests}"))
        text = headline.partition(": ")[2]
        lines.append(f"\n## {program.name}\n\n{text[:1].upper()}{text[1:]}\n\n")
        lines += [f"- {test}\n" for test in tests]
    return _INTRODUCTION + "".join(lines) + "\n" + _LIMITS


def runfile(path: str) -> str:
    """The text of a file of the workspace."""
    runfiles = Runfiles.Create()
    assert runfiles is not None, "started by Bazel, which makes runfiles"
    return Path(runfiles.Rlocation(f"_main/{path}") or path).read_text(encoding="utf-8")


def main(argv: Sequence[str]) -> int:
    """Prints the page, or writes it into the workspace that Bazel was started in."""
    page = reference(runfile)
    if [*argv] == ["--write"]:
        Path(os.environ["BUILD_WORKSPACE_DIRECTORY"], PATH).write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
