"""Puts into a workspace what editors read.

The folder `generated` is ours and made anew each time. What stands elsewhere is written over only where it
is what was written there before; a file of the user's stays, and is told of.
"""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tools.ide.manifest import Manifest

GENERATED: Final = "generated"
# Says that the folder is ours, and what was written outside of it: a digest by place.
RECORD: Final = f"{GENERATED}/written.json"
SETTINGS: Final = ".vscode/settings.json"


class Refused(Exception):
    """The workspace is not as it must be; the message is for people."""


class Placed(NamedTuple):
    """What was done, by places."""

    written: list[str]
    # A user's own files, with what would have been written.
    left: dict[str, str]


def place(manifest: Manifest, workspace: Path) -> Placed:
    """Puts everything into the workspace. Refused where `generated` is somebody else's."""
    record = _record(workspace)
    _clear(workspace, record)
    placed = Placed([], {})
    now = dict(_entries(manifest, workspace))
    for where, content in now.items():
        path = workspace / where
        if _within(where) or _ours(path, content, record.get(where)):
            _put(path, content)
            placed.written.append(where)
        else:
            placed.left[where] = content
    for where, source in manifest.copied.items():
        _copy(source, workspace / where)
    for where, archive in manifest.unpacked.items():
        _unpack(archive, workspace / where)
    _remove_old(workspace, {where: record[where] for where in record if where not in now})
    outside = {where: _digest(now[where]) for where in placed.written if not _within(where)}
    _put(workspace / RECORD, json.dumps(outside, indent=2) + "\n")
    return placed


def _entries(manifest: Manifest, workspace: Path) -> Iterator[tuple[str, str]]:
    """Places and contents: a text, or `-> TARGET` of a link."""
    filled = {"@WORKSPACE@": str(workspace), "@OUTPUT_BASE@": str(manifest.output_base)}
    for where, text in manifest.texts.items():
        yield where, _fill(text, filled)
    for where, target in manifest.links.items():
        yield where, "-> " + _fill(target, filled)
    if manifest.settings:
        yield SETTINGS, json.dumps(dict(manifest.settings), indent=2, sort_keys=True) + "\n"


def _fill(text: str, filled: dict[str, str]) -> str:
    for name, value in filled.items():
        text = text.replace(name, value)
    return text


def _record(workspace: Path) -> dict[str, str]:
    folder, file = workspace / GENERATED, workspace / RECORD
    if not folder.exists() and not folder.is_symlink():
        return {}
    try:
        return {str(k): str(v) for k, v in json.loads(file.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        raise Refused(
            f"{folder}: not made by this program, and it has no other place: move it"
        ) from None


def _clear(workspace: Path, record: dict[str, str]) -> None:
    """Empties the folder of all but the record, by which it is ours whatever comes between."""
    _put(workspace / RECORD, json.dumps(record, indent=2) + "\n")
    for child in (workspace / GENERATED).iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child != workspace / RECORD:
            child.unlink()


def _within(where: str) -> bool:
    return where.startswith(GENERATED + "/")


def _ours(path: Path, content: str, recorded: str | None) -> bool:
    """Whether nothing of the user's is lost where `content` is put there."""
    there = _read(path)
    return there is None or there == content or _digest(there) == recorded


def _read(path: Path) -> str | None:
    """What is there, as a content; None for nothing."""
    if path.is_symlink():
        return f"-> {path.readlink()}"
    if path.is_dir():
        return ""
    return path.read_text("utf-8", "replace") if path.exists() else None


def _put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside, then renamed: an editor reads a whole file, whenever it looks.
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    if content.startswith("-> "):
        beside.symlink_to(content.removeprefix("-> "))
    else:
        beside.write_text(content, "utf-8")
    os.replace(beside, path)


def _copy(source: Path, target: Path) -> None:
    """Copies a file or a folder; links become what they lead to, and the copy may be written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_copy_file, dirs_exist_ok=True)
        for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
    else:
        _copy_file(str(source), str(target))


def _unpack(archive: Path, target: Path) -> None:
    """Unpacks the files of a tar."""
    with tarfile.open(archive) as opened:
        for member in opened:
            file = opened.extractfile(member)
            if file is not None:
                path = target / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.read())


def _copy_file(source: str, target: str) -> None:
    shutil.copyfile(source, target)
    os.chmod(target, 0o755 if os.access(source, os.X_OK) else 0o644)


def _remove_old(workspace: Path, old: dict[str, str]) -> None:
    """Removes what was written once and is not any more, unless it was changed since."""
    for where, digest in old.items():
        there = _read(workspace / where)
        if there is not None and _digest(there) == digest:
            (workspace / where).unlink()


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
