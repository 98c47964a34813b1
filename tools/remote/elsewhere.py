"""A second machine: a copy of the tree at another path, for another user, in another environment."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.execution.workspace import Workspace

UMASK = 0o027
_ZONE = "Asia/Kathmandu"
_USER = "another"
TOOLS = ("python3", "go", "rustc", "cargo", "java", "mvn", "node", "npm", "gcc", "g++", "dotnet")


def elsewhere(folder: Path) -> Workspace:
    """The machine under a folder. The uid is ours: toolchains in our home could not be read by another."""
    home = folder / "home"
    variables = {
        **_installed(os.environ),
        "HOME": str(home),
        "LC_ALL": "C",
        "LOGNAME": _USER,
        "PATH": other_path(os.environ.get("PATH", os.defpath), folder / "bin"),
        "TZ": _ZONE,
        "USER": _USER,
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    return Workspace(folder, variables=variables, rc=".bazelrc", umask=UMASK)


def _installed(environ: Mapping[str, str]) -> dict[str, str]:
    """What the machine's installations are found by where that depends on the user's home."""
    home = Path(environ.get("HOME", "/"))
    cached = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    return {
        "PYENV_ROOT": environ.get("PYENV_ROOT", str(home / ".pyenv")),
        "RUSTUP_HOME": environ.get("RUSTUP_HOME", str(home / ".rustup")),
        # Bazel itself is the same, and brought up once.
        "STOCK_BAZEL_CACHE": environ.get("STOCK_BAZEL_CACHE", str(cached / "stock/bazel")),
    }


def other_path(path: str, first: Path) -> str:
    """PATH with a new first folder and its own in another order, in which the same tools are found."""
    folders = list(dict.fromkeys(filter(None, path.split(":"))))
    backwards = folders[::-1]
    if _found(backwards) != _found(folders):
        # Those that own a tool keep their order, before all others.
        owners = {str(Path(place).parent) for place in _found(folders).values()}
        backwards = [folder for folder in folders if folder in owners]
        backwards += [folder for folder in reversed(folders) if folder not in owners]
    return ":".join([str(first), *backwards])


def _found(folders: Sequence[str]) -> Mapping[str, str]:
    found = {tool: shutil.which(tool, path=":".join(folders)) for tool in TOOLS}
    return {tool: place for tool, place in found.items() if place}
