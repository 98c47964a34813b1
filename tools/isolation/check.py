"""Edits each language in turn and holds that no action of another language runs for it; then a comment of the proto."""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.execution.log import Spawn
from tools.execution.workspace import Workspace, WorkspaceError, cache

_SOURCE = re.compile(r"store\.\w+", re.IGNORECASE)
_TEST = re.compile(r"store[_.-]?test\.\w+|test_store\.\w+", re.IGNORECASE)
_HASH_COMMENTS = frozenset({".py", ".rb"})
_SEMICOLON_COMMENTS = frozenset({".clj"})
_PROTO = "proto/stock.proto"

_CODE = {
    ".cc": "extern const int an_edit;\nconst int an_edit = 1;\n",
    ".clj": "(def an-edit 1)\n",
    ".cs": "public static class AnEdit\n{\n}\n",
    ".go": "// AnEdit is one.\nconst AnEdit = 1\n",
    ".java": "final class AnEdit {}\n",
    ".kt": "const val AN_EDIT = 1\n",
    ".py": "AN_EDIT = 1\n",
    ".rb": "AN_EDIT = 1\n",
    ".rs": "/// An edit.\npub const AN_EDIT: u8 = 1;\n",
    ".scala": "final class AnEdit\n",
    ".ts": "export const AN_EDIT = 1;\n",
}
"""What may stand at the end of a source and is seen from others, by the suffix of the file's name."""


class CheckError(Exception):
    """A language has no file to edit, or none that it is known how to edit; the text names it."""


class Edit(NamedTuple):
    """Text at the end of a file; the path is the workspace's."""

    path: Path
    text: str


def edited_file(folder: Path, name: re.Pattern[str]) -> Path:
    """The first file under a language's folder whose name fits. Raises CheckError."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and name.fullmatch(path.name):
            return path
    raise CheckError(f"{folder.name}: no file like {name.pattern}")


def comment(path: Path) -> str:
    """A line that is a comment in the language of a file."""
    if path.suffix in _HASH_COMMENTS:
        mark = "#"
    elif path.suffix in _SEMICOLON_COMMENTS:
        mark = ";;"
    else:
        mark = "//"
    return f"{mark} An edit.\n"


def code(path: Path) -> str:
    """A declaration in the language of a file. Raises CheckError."""
    if path.suffix not in _CODE:
        raise CheckError(
            f"{path.name}: no code of {path.suffix} is known, expected one of {' '.join(_CODE)}"
        )
    return _CODE[path.suffix]


def edits(folder: Path) -> list[tuple[str, list[Edit]]]:
    """The edits of a language, what is built together together: the code, then comments and tests."""
    source, test = edited_file(folder, _SOURCE), edited_file(folder, _TEST)
    return [
        ("code", [Edit(source, code(source))]),
        ("comment and test", [Edit(source, comment(source)), Edit(test, comment(test))]),
    ]


def strangers(folder: str, spawns: Iterable[Spawn]) -> list[str]:
    """What ran for an edit in a folder outside of it, one line a target."""
    return sorted(
        {
            f"{spawn.mnemonic} of {spawn.label}"
            for spawn in spawns
            if spawn.package.partition("/")[0] != folder
        }
    )


def check(workspace: Workspace, folder: str, made: Sequence[Edit]) -> tuple[str, bool]:
    """Edits files of one folder and builds everything; a line about what ran, and whether it was the folder's own."""
    for edit in made:
        with edit.path.open("a", encoding="utf-8") as file:
            file.write(edit.text)
    spawns = workspace.build("//...")
    wrong = strangers(folder, spawns)
    count = Counter(spawn.mnemonic for spawn in spawns)
    ran = ", ".join(f"{number} {mnemonic}" for mnemonic, number in sorted(count.items()))
    text = f"{len(spawns)} actions" + (f": {ran}" if ran else "")
    return "\n    not its own: ".join([text, *wrong]), not wrong


def plan(tree: Path, languages: Iterable[str]) -> list[tuple[str, str, list[Edit]]]:
    """What is edited in turn: the folder, the kind of the edit, and the edit. Raises CheckError."""
    planned = [
        (language, kind, made) for language in languages for kind, made in edits(tree / language)
    ]
    # Comments do not reach the descriptors, of which every language's stubs are generated.
    proto = tree / _PROTO
    return [*planned, (proto.parent.name, "comment", [Edit(proto, comment(proto))])]


def _run(workspace: Workspace, argv: Sequence[str]) -> int:
    languages = workspace.languages()
    unknown = set(argv) - set(languages)
    if unknown:
        print(f"languages: {' '.join(languages)}; not {' '.join(sorted(unknown))}")
        return 2
    planned = plan(workspace.tree, argv or languages)
    workspace.build("//...")
    failed = 0
    for folder, kind, made in planned:
        start = time.monotonic()
        text, isolated = check(workspace, folder, made)
        failed += not isolated
        seconds = time.monotonic() - start
        state = "ok    " if isolated else "FAILED"
        print(f"{state} {folder}, {kind}: {text} ({seconds:.1f} s)", flush=True)
    print(f"{len(planned) - failed} of {len(planned)} edits run nothing of another folder")
    return 1 if failed else 0


def main(argv: Sequence[str]) -> int:
    """Checks the languages named in `argv`, or all that this machine can build; 1 if one is not isolated."""
    workspace = Workspace(cache() / "isolation", disk_cache=cache() / "ci")
    workspace.copy()
    try:
        return _run(workspace, argv)
    except (CheckError, WorkspaceError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        workspace.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
