"""The cases of tools/implementation/missing_toolchain_test: each runs Bazel where a toolchain is missing."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.execution.workspace import cache

_ROOT = Path(__file__).parents[2]
_DEADLINE = 900.0
"""Seconds for one command; the first builds what the Python implementation needs."""
_END_DEADLINE = 30.0

_HIDE = "STOCK_HIDE_TOOLCHAINS"
_HIDDEN = f"no Go [0-9.]+ or newer: {_HIDE} hides it"
_AS_A_NAME = f"no_Go_[0-9.]+_or_newer_{_HIDE}_hides_it"

# Other languages may be missing too, for real.
_NEVER_SKIPPED = (
    r"//(conformance|docs|proto|python|tools/(bazel|docs|python))[/:]|//\w+:implementation$"
)

_INCOMPATIBLE = (
    'str(target.label) if "IncompatiblePlatformProvider" in providers(target) else "compatible"'
)


class CaseError(Exception):
    """Something was not as expected; the text says what, with the output that shows it."""


@dataclass(frozen=True)
class Answer:
    """How a command of Bazel ended."""

    code: int
    output: str

    def expect(self, code: int, *patterns: str) -> "Answer":
        """Itself if it has the exit code and each regular expression is found in its output."""
        missing = [pattern for pattern in patterns if not re.search(pattern, self.output)]
        if self.code != code or missing:
            raise CaseError(
                f"expected exit code {code} and {missing}, got exit code {self.code}:\n{self.output}"
            )
        return self


@dataclass(frozen=True)
class Workspace:
    """This workspace with an output base of its own."""

    output_base: Path
    programs: Path
    """Scratch; `with_go` puts it first on PATH."""

    def bazel(self, command: str, *arguments: str, **variables: str) -> Answer:
        """Runs a command to its end, with variables that repository rules see."""
        line = [
            str(_ROOT / "bazelw"),
            f"--output_base={self.output_base}",
            "--max_idle_secs=60",
            # The workspace's flags without the user's own.
            "--noworkspace_rc",
            f"--bazelrc={_ROOT}/tools/bazelrc/base.bazelrc",
            command,
            # What CI has built need not be built again.
            f"--disk_cache={cache()}/ci",
            "--color=no",
            "--curses=no",
            *(f"--repo_env={name}={value}" for name, value in variables.items()),
            *arguments,
        ]
        run = subprocess.Popen(
            line, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            output, _ = run.communicate(timeout=_DEADLINE)
        except subprocess.TimeoutExpired:
            # Bazel's client stops what it asked its server for.
            run.send_signal(signal.SIGINT)
            output, _ = run.communicate(timeout=_END_DEADLINE)
            raise CaseError(f"no end after {_DEADLINE:.0f} s:\n{output}") from None
        finally:
            run.kill()
        return Answer(run.returncode, output)

    def with_go(self, script: str, *arguments: str) -> Answer:
        """Runs a command of Bazel where the only `go` is a shell script."""
        go = self.programs / "go"
        go.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        go.chmod(0o755)
        # The script is no input of the repository rule, but a new server asks it anew.
        self.end()
        path = f"{self.programs}:{os.environ['PATH']}"
        return self.bazel(*arguments, PATH=path, **{_HIDE: "/usr/local/go/bin/go"})

    def end(self) -> None:
        """Ends the server, if there is one."""
        line = [str(_ROOT / "bazelw"), f"--output_base={self.output_base}", "shutdown"]
        subprocess.run(line, cwd=_ROOT, capture_output=True, timeout=_END_DEADLINE * 2, check=False)


def analysis(workspace: Workspace) -> str:
    """Everything else is analysed, what needs Go is skipped, and a warning says why."""
    workspace.bazel("build", "--nobuild", "//...", **{_HIDE: "go"}).expect(0, f"WARNING: {_HIDDEN}")
    skipped = _skipped(workspace)
    wrong = {label for label in skipped if re.match(_NEVER_SKIPPED, label)}
    absent = {"//go:stock_server", "//go:stock_client", "//go:store_test"} - skipped
    if wrong or absent:
        raise CaseError(f"wrongly skipped: {sorted(wrong)}; not skipped: {sorted(absent)}")
    return f"{len(skipped)} targets are skipped, none of them outside of languages"


def _skipped(workspace: Workspace) -> set[str]:
    # Without what is manual: among that is what tests of the rules fail with.
    found = workspace.bazel(
        "query", '//... except attr(tags, "\\bmanual\\b", //...)', **{_HIDE: "go"}
    )
    labels = re.findall(r"(?m)^//\S+$", found.expect(0).output)
    file = workspace.programs / "labels"
    file.write_text(f"set({' '.join(labels)})", encoding="utf-8")
    starlark = ("--output=starlark", f"--starlark:expr={_INCOMPATIBLE}")
    answer = workspace.bazel("cquery", *starlark, f"--query_file={file}", **{_HIDE: "go"})
    return set(re.findall(r"(?m)^@*(//\S+)$", answer.expect(0).output))


def named(workspace: Workspace) -> str:
    """To name what cannot be built is an error that says why."""
    answer = workspace.bazel("build", "//go:stock_server", **{_HIDE: "go"})
    answer.expect(1, "//go:stock_server is incompatible and cannot be built", _AS_A_NAME)
    return "//go:stock_server is an error with the reason"


def matrix(workspace: Workspace) -> str:
    """The matrix runs without the language, and says so in a line of its own."""
    answer = workspace.bazel("test", "//conformance:quick", "--test_output=all", **{_HIDE: "go"})
    answer.expect(0, rf"(?m)^!!! go: NOT RUN \({_HIDDEN}\)$", r"(?m)^PASSED: .*\bnot_run\b")
    return "passes, and tells of Go"


def required(workspace: Workspace) -> str:
    """With --require=all a language that is not run is a failure."""
    arguments = ("--test_output=all", "--test_arg=--require=all")
    answer = workspace.bazel("test", "//conformance:quick", *arguments, **{_HIDE: "go"})
    answer.expect(3, rf"(?m)^failed: go was required: {_HIDDEN}$", "(?m)^FAILED: ")
    return "fails, and says that Go was required"


def too_old(workspace: Workspace) -> str:
    """A go that is too old is like none, and the reason names it with its version."""
    variables = '{"GOROOT": "/old", "GOTOOLDIR": "/old/tool", "GOVERSION": "go1.20"}'
    answer = workspace.with_go(f"echo '{variables}'", "build", "//go:stock_server")
    answer.expect(1, r"WARNING: no Go \S+ or newer \(\S+/go is Go 1\.20\): unpack")
    answer.expect(1, "cannot be built", r"_go_is_Go_1\.20")
    return "named with its version, and with what to install"


def no_go(workspace: Workspace) -> str:
    """A program `go` that is none, and one that fails, break nothing."""
    for script, reason in (
        ("echo black to move", r"go is no go command: it printed \S+black to move"),
        ("echo broken >&2; exit 3", "go does not run: broken"),
    ):
        answer = workspace.with_go(script, "build", "--nobuild", "//go:all")
        answer.expect(0, rf"WARNING: no Go \S+ or newer \(\S+{reason}")
    return "said, and skipped"


CASES: tuple[Callable[[Workspace], str], ...] = (
    analysis,
    named,
    matrix,
    required,
    too_old,
    no_go,
)


def _verdict(case: Callable[[Workspace], str], workspace: Workspace) -> tuple[bool, str]:
    try:
        return True, case(workspace)
    except (CaseError, OSError, subprocess.SubprocessError) as error:
        return False, str(error)


def main(argv: Sequence[str]) -> int:
    """Runs the cases named in `argv`, or all; exit code 1 if one failed, 2 for an unknown name."""
    chosen = [case for case in CASES if not argv or case.__name__ in argv]
    if len(chosen) < len(argv):
        print(f"cases: {' '.join(case.__name__ for case in CASES)}", file=sys.stderr)
        return 2
    place = cache() / "missing-toolchain"
    place.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as programs:
        workspace = Workspace(place / "output", Path(programs))
        try:
            for case in chosen:
                start = time.monotonic()
                passed, told = _verdict(case, workspace)
                failed += not passed
                head = f"{'ok    ' if passed else 'FAILED'} {case.__name__}"
                print(f"{head} ({time.monotonic() - start:.0f} s): {told}", flush=True)
        finally:
            workspace.end()
    print(f"{len(chosen) - failed} of {len(chosen)} cases ok", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
