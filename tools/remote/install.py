"""Fetches the caches' programs, each by a lock, into the project's folder in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.execution.workspace import ROOT, cache

_HERE = Path(__file__).parent
NGINX_LOCK = _HERE / "nginx.lock"
BUILDGRID_LOCK = _HERE / "buildgrid.lock"
BUILDBOX_LOCK = _HERE / "buildbox.lock"
POSTGRESQL_LOCK = _HERE / "postgresql.lock"
# Begins the command of a server that ends when we do, however we end.
MORTAL = ("setpriv", "--pdeathsig", "TERM")
_DEADLINE = 600.0
# No release of Debian has buildbox yet.
_NEWEST = "sid"
_SUITE_FILE = ROOT / "tools/debian/private/versions.bzl"


class RemoteError(Exception):
    """Something of a cache did not work; the text says what, with the output that shows it."""


def run(*command: str | Path, deadline: float = _DEADLINE) -> str:
    """Standard output of a command. Raises RemoteError where it fails."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=deadline, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RemoteError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise RemoteError(f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def suite(versions: str) -> str:
    """The release that Debian's packages come from, out of tools/debian's versions.bzl."""
    for line in versions.splitlines():
        name, _, value = line.partition(" = ")
        if name == "SUITE":
            return value.strip('"')
    raise RemoteError("tools/debian/private/versions.bzl names no SUITE")


def nginx() -> Path:
    """The folder under which Debian's nginx stands unpacked. Raises RemoteError."""
    return installed(NGINX_LOCK, _unpack)


def postgresql() -> Path:
    """The folder under which Debian's PostgreSQL stands unpacked. Raises RemoteError."""
    return installed(POSTGRESQL_LOCK, _unpack)


def buildbox() -> Path:
    """The folder under which buildbox and bubblewrap stand unpacked. Raises RemoteError."""
    return installed(BUILDBOX_LOCK, _unpack_newest)


def buildgrid() -> Path:
    """The virtual environment with BuildGrid. Raises RemoteError."""
    return installed(BUILDGRID_LOCK, _install_buildgrid)


def installed(lock: Path, install: Callable[[Path, Path], None]) -> Path:
    """The folder that `install(lock, folder)` fills, named by the lock's digest: complete or absent."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder = cache() / "remote" / f"{lock.stem}-{digest}"
    if (folder / "complete").exists():
        return folder
    # What an interrupted start has left; programs know where they stand, so nothing is renamed.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install(lock, folder)
    (folder / "complete").touch()
    return folder


def _unpack(lock: Path, folder: Path) -> None:
    _unpack_from(suite(_SUITE_FILE.read_text("utf-8")), lock, folder)


def _unpack_newest(lock: Path, folder: Path) -> None:
    _unpack_from(_NEWEST, lock, folder)


def _unpack_from(release: str, lock: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch) / "work"
        module = ("python3", "-B", "-P", "-S", "-m", "tools.debian.fetch")
        run("env", f"PYTHONPATH={ROOT}", *module, lock, release, work, folder / "root")


def _install_buildgrid(lock: Path, folder: Path) -> None:
    run("python3", "-m", "venv", folder / "venv")
    pip = folder / "venv/bin/pip"
    run(pip, "install", "--quiet", "--require-hashes", "--requirement", lock)


def libraries(root: Path) -> dict[str, str]:
    """The environment in which a program of unpacked packages finds its libraries."""
    folders = [root / "usr/lib/x86_64-linux-gnu", root / "lib/x86_64-linux-gnu"]
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, folders))}
