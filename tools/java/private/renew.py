"""Writes Maven locks anew: `./bazelw run //tools/java/private:renew [FOLDER...]`, for all unless some are named.

Maven resolves what the pom.xml beside a lock asks for, with all that this needs; the lock then holds each file's
coordinates and digest. What no dependency of the pom.xml needs any more is gone from it.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_TIMEOUT = 900.0

_ARTIFACTS = (".exe", ".jar", ".sh")
"""What is locked; Maven writes other files for itself."""

_HEAD = (
    "# GROUP:ARTIFACT:VERSION[:TYPE:CLASSIFIER] SHA256, written by //tools/java/private:renew.\n"
)


class RenewError(Exception):
    """A lock cannot be renewed; the text says why."""


def coordinates(path: Path) -> str:
    """The coordinates of a file by its path in a repository's layout; RenewError where it has another."""
    if len(path.parts) < 4:
        raise RenewError(f"{path}: not GROUP/ARTIFACT/VERSION/FILE")
    *group, artifact, version, name = path.parts
    stem = f"{artifact}-{version}"
    if not name.startswith(stem):
        raise RenewError(f"{path}: the file's name does not begin with {stem}")
    classifier, _, kind = name.removeprefix(stem).rpartition(".")
    base = f"{'.'.join(group)}:{artifact}:{version}"
    if kind == "jar" and not classifier:
        return base
    return f"{base}:{kind}:{classifier.removeprefix('-')}"


def lock_of(files: Path) -> str:
    """The text of a lock for the files below a folder; RenewError where there is none."""
    lines = [
        f"{coordinates(path.relative_to(files))} {hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for path in files.rglob("*")
        if path.suffix in _ARTIFACTS
    ]
    if not lines:
        raise RenewError("Maven has fetched nothing")
    return _HEAD + "".join(sorted(lines))


def resolve(pom: Path, files: Path) -> None:
    """Fetches all that a pom.xml asks for and needs; RenewError with Maven's own words where it cannot."""
    line = ["mvn", "-B", "-q", "-ntp", "-f", str(pom), _COPY]
    line += [f"-DoutputDirectory={files}", "-Dmdep.useRepositoryLayout=true"]
    try:
        ended = subprocess.run(
            line, capture_output=True, text=True, timeout=_TIMEOUT, check=False, cwd=pom.parent
        )
    except OSError as error:
        raise RenewError(f"mvn does not run: {error}") from None
    if ended.returncode:
        raise RenewError(f"mvn failed for {pom}:\n{ended.stdout}{ended.stderr}")


def renew(folder: Path) -> bool:
    """Writes the lock of a folder anew; tells whether it has changed."""
    lock = folder / "maven.lock"
    with tempfile.TemporaryDirectory() as scratch:
        resolve(folder / "pom.xml", Path(scratch) / "files")
        text = lock_of(Path(scratch) / "files")
    if lock.exists() and lock.read_text(encoding="utf-8") == text:
        return False
    lock.write_text(text, encoding="utf-8")
    return True


def locked(workspace: Path) -> list[str]:
    """The folders with a pom.xml: those of the programs and those of the build."""
    poms = [*workspace.glob("*/pom.xml"), *workspace.glob("tools/*/pom.xml")]
    return sorted(pom.parent.relative_to(workspace).as_posix() for pom in poms)


def main(workspace: Path, folders: Sequence[str]) -> int:
    """Renews the locks of some folders and tells of each; exit code 1 where one could not be."""
    try:
        for folder in folders:
            changed = renew(workspace / folder)
            print(f"{folder}/maven.lock: {'changed' if changed else 'as it was'}")
    except RenewError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    root = Path(os.environ["BUILD_WORKSPACE_DIRECTORY"])
    sys.exit(main(root, sys.argv[1:] or locked(root)))
