"""Edits each language in turn and holds that no action of another language runs for it."""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.execution.log import Spawn
from tools.execution.workspace import Workspace, WorkspaceError, cache

_SOURCE = re.compile(r"store\.\w+", re.IGNORECASE)
_TEST = re.compile(r"store[_.-]?test\.\w+|test_store\.\w+", re.IGNORECASE)
_HASH_COMMENTS = frozenset({".py", ".rb"})
_SEMICOLON_COMMENTS = frozenset({".clj"})


class CheckError(Exception):
    """A language has no file to edit; the text names it."""


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


def strangers(language: str, spawns: Iterable[Spawn]) -> list[str]:
    """What ran for an edit in a language outside of its folder, one line a target."""
    return sorted(
        {
            f"{spawn.mnemonic} of {spawn.label}"
            for spawn in spawns
            if spawn.package.partition("/")[0] != language
        }
    )


def check(workspace: Workspace, language: str, name: re.Pattern[str]) -> tuple[str, bool]:
    """Edits one file of a language and builds everything; a line about what ran, and whether it was its own."""
    path = edited_file(workspace.tree / language, name)
    with path.open("a", encoding="utf-8") as file:
        file.write(comment(path))
    spawns = workspace.build("//...")
    wrong = strangers(language, spawns)
    count = Counter(spawn.mnemonic for spawn in spawns)
    ran = ", ".join(f"{number} {mnemonic}" for mnemonic, number in sorted(count.items()))
    text = f"{path.relative_to(workspace.tree)}: {ran or 'nothing to build'}"
    return "\n    not its own: ".join([text, *wrong]), not wrong


def main(argv: Sequence[str]) -> int:
    """Checks the languages named in `argv`, or all that this machine can build; 1 if one is not isolated."""
    workspace = Workspace(cache() / "isolation", disk_cache=cache() / "ci")
    failed = checked = 0
    workspace.copy()
    try:
        languages = workspace.languages()
        unknown = set(argv) - set(languages)
        if unknown:
            print(f"languages: {' '.join(languages)}; not {' '.join(sorted(unknown))}")
            return 2
        workspace.build("//...")
        for language in argv or languages:
            for name in (_SOURCE, _TEST):
                start = time.monotonic()
                text, isolated = check(workspace, language, name)
                checked += 1
                failed += not isolated
                seconds = time.monotonic() - start
                print(f"{'ok    ' if isolated else 'FAILED'} {text} ({seconds:.1f} s)", flush=True)
    except (CheckError, WorkspaceError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        workspace.end()
    print(f"{checked - failed} of {checked} edits run nothing of another language")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
