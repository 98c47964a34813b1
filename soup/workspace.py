"""The Bazel workspace that programs are built in."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from soup.errors import BazelError, unusable
from soup.progress import Progress, progress

_MODULE: Final = re.compile(r'^module\(\s*name = "stock",', re.MULTILINE)
# Bazel's account of its own progress: `[12 / 345] ...`.
_STEPS: Final = re.compile(r"^\[([\d,]+) / ([\d,]+)\]")
_PLAIN: Final = ("--color=no", "--curses=no")


class Workspace(NamedTuple):
    """A checkout of the project."""

    root: Path

    def built(self, package: str, name: str) -> Path:
        """Where a build leaves a program."""
        return self.root / "bazel-bin" / package / name

    def has_built(self, package: str, name: str) -> bool:
        """Whether a program is there with what it needs: as a part of something else it may be without."""
        path = self.built(package, name)
        return os.access(path, os.X_OK) and path.with_name(f"{name}.runfiles").is_dir()

    @property
    def bazel(self) -> Path:
        """The program that runs the pinned Bazel."""
        return self.root / "bazelw"


def find_workspace(environ: Mapping[str, str], cwd: Path) -> Workspace | None:
    """The workspace that Bazel runs us from, else the one we are called in, if any."""
    named = environ.get("BUILD_WORKSPACE_DIRECTORY")
    for folder in (Path(named),) if named else (cwd, *cwd.parents):
        module = folder / "MODULE.bazel"
        if module.is_file() and _MODULE.search(module.read_text("utf-8", "replace")):
            return Workspace(folder)
    return None


def build(workspace: Workspace, targets: Sequence[str], environ: Mapping[str, str]) -> None:
    """Builds targets, showing how far it is. BazelError with what Bazel said if it cannot."""
    argv = [str(workspace.bazel), "build", *_PLAIN, *targets]
    more = f" and {len(targets) - 1} more" if len(targets) > 1 else ""
    with progress(f"building {targets[0]}{more}") as shown:
        output: list[str] = []
        code = _run(argv, workspace, environ, shown, output)
    if code:
        told = "\n".join(line for line in output if not _STEPS.match(line))
        command = shlex.join(("./bazelw", "build", *targets))
        raise BazelError(f"{told}\n{command} failed with exit code {code}")


def _run(
    argv: Sequence[str],
    workspace: Workspace,
    environ: Mapping[str, str],
    shown: Progress,
    output: list[str],
) -> int:
    try:
        bazel = subprocess.Popen(
            argv,
            cwd=workspace.root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise unusable(error, workspace.bazel) from None
    assert bazel.stdout is not None
    with bazel.stdout:
        for line in bazel.stdout:
            output.append(line.rstrip("\n"))
            if steps := _STEPS.match(line):
                done, total = (int(number.replace(",", "")) for number in steps.groups())
                shown.step(done, total)
    return bazel.wait()


class Requirement(NamedTuple):
    """What a language needs of the machine."""

    # `Go 1.26 or newer`
    wanted: str
    install: str


class Toolchain(NamedTuple):
    """What the rules say of a language on this machine."""

    language: str
    # Why its programs cannot be built; empty where they can.
    missing: str
    requires: tuple[Requirement, ...]

    @property
    def install(self) -> str:
        """What installs what is missing; empty where nothing is, or where it is only hidden."""
        # `no Go 1.26 or newer (no go on PATH): unpack ...`
        found = (one.install for one in self.requires if self.missing.endswith(f": {one.install}"))
        return next(found, "")


def toolchains(workspace: Workspace, environ: Mapping[str, str]) -> list[Toolchain]:
    """Every language's toolchain, by language; nothing is built for it.

    Loading a language's package makes its rules look for its toolchain; what they find is an
    attribute of the implementation. BazelError with what Bazel said where it cannot be asked.
    """
    query = "labels(implementations, //conformance:manifest)"
    argv = [str(workspace.bazel), "query", *_PLAIN, "--output=streamed_jsonproto", query]
    with progress("asking the rules for toolchains; at first they fetch what they need"):
        try:
            answer = subprocess.run(
                argv,
                cwd=workspace.root,
                env=environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:
            raise unusable(error, workspace.bazel) from None
    if answer.returncode:
        raise BazelError(f"{answer.stderr}./bazelw query failed with exit code {answer.returncode}")
    return sorted(_implementations(answer.stdout))


def _implementations(output: str) -> Iterator[Toolchain]:
    for line in output.splitlines():
        rule: Mapping[str, Any] = json.loads(line).get("rule", {})
        texts = {a["name"]: a.get("stringValue", "") for a in rule.get("attribute", ())}
        needs = json.loads(texts.get("requires") or "{}").get("machine", ())
        requires = tuple(Requirement(one["wanted"], one["install"]) for one in needs)
        yield Toolchain(texts["language"], texts["missing"], requires)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for what we start: without what Bazel and our launcher have put into ours."""
    ours = {"BUILD_WORKING_DIRECTORY", "BUILD_WORKSPACE_DIRECTORY", "RUNFILES_DIR"}
    runfiles = environ.get("RUNFILES_DIR")
    if runfiles and environ.get("PYTHONPATH", "").startswith(runfiles + os.sep):
        ours |= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in environ.items() if name not in ours}
