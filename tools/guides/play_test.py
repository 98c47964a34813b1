"""Pages that are played: one shell, deadlines, ends."""

import os
import time
from pathlib import Path

from tools.guides.pages import Block
from tools.guides.play import Played, play


def played(
    root: Path, *commands: str, expected: str | None = None, limit: float = 30
) -> list[Played]:
    """Plays blocks; all but the last are expected to print what they like."""
    blocks = [Block(number, text, None) for number, text in enumerate(commands)]
    blocks[-1] = blocks[-1]._replace(expected=expected)
    return list(play(blocks, root, limit))


def test_blocks_share_a_shell(tmp_path: Path) -> None:
    told = played(tmp_path, "name=stock", "echo $name; pwd", expected=f"stock\n{tmp_path}\n")
    assert [one.problem for one in told] == ["", ""]


def test_a_wrong_output_is_told(tmp_path: Path) -> None:
    assert played(tmp_path, "echo a", expected="b\n")[0].problem == "expected output:\nb\n"


def test_a_command_that_fails_ends_the_page(tmp_path: Path) -> None:
    told = played(tmp_path, "false | true; echo not reached", "echo nor this")
    assert [(one.problem, one.output) for one in told] == [("exit code 1", "")]
    assert played(tmp_path, "echo $unset_name")[0].problem == "exit code 1"


def test_a_command_cannot_take_the_rest_for_its_input(tmp_path: Path) -> None:
    told = played(tmp_path, "cat", "echo after", expected="after\n")
    assert [one.problem for one in told] == ["", ""]


def test_what_hangs_is_ended(tmp_path: Path) -> None:
    told = played(tmp_path, "echo $$ > pid; echo said; read -r _ < <(tail -f /dev/null)", limit=0.5)
    assert (told[0].problem, told[0].output) == ("still runs after 0.5 s", "said\n")
    assert not alive(int((tmp_path / "pid").read_text()))


def test_what_a_page_leaves_running_is_ended(tmp_path: Path) -> None:
    told = played(tmp_path, "tail -f /dev/null & echo $! > pid; mktemp > made")
    assert told[0].problem == ""
    assert not alive(int((tmp_path / "pid").read_text()))
    assert not Path((tmp_path / "made").read_text().strip()).exists()


def alive(pid: int) -> bool:
    """Whether a process still runs, some time after it was told to end."""
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists():
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return False
        if time.monotonic() > deadline:
            return True
        os.sched_yield()
    return False
