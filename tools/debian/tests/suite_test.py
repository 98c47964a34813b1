"""The sources of a release, by what the host's apt knows."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.bazel.prefix import apt
from tools.bazel.prefix.errors import BringupError
from tools.debian import suite
from tools.debian.suite import NoDebianError, SuiteApt, security_mirror, source_lines

_KEYRING = "signed-by=/usr/share/keyrings/debian-archive-keyring.gpg"


def test_the_security_mirror_may_be_of_another_release() -> None:
    assert security_mirror("a trixie main\ns trixie-security main") == "s"
    assert security_mirror("a trixie main\ns trixie-security contrib") is None


def test_a_release_comes_with_its_updates() -> None:
    lines = source_lines("m:/d", "s:/d", "bookworm").splitlines()
    assert lines == [
        f"deb [arch=amd64 target=Packages {_KEYRING}] m:/d bookworm main",
        f"deb [arch=amd64 target=Packages {_KEYRING}] m:/d bookworm-updates main",
        f"deb [arch=amd64 target=Packages {_KEYRING}] s:/d bookworm-security main",
    ]
    assert "security" not in source_lines("m:/d", None, "bookworm")


def test_sid_comes_alone() -> None:
    [line] = source_lines("m:/d", "s:/d", "sid").splitlines()
    assert line.endswith(" m:/d sid main")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine whose apt prints `targets` and gives the index of mirrors but those in `broken`."""
    state = {"targets": "a bookworm main\nb bookworm main", "broken": ""}

    def run(command: Sequence[str], _deadline: float, cwd: Path | None = None) -> str:
        assert cwd is None
        if command[1] == "indextargets":
            return state["targets"]
        sources = Path(command[2]).with_name("sources.list").read_text()
        if state["broken"] and f" {state['broken']} bookworm " in sources:
            raise BringupError("no signature")
        state["sources"] = sources
        return ""

    monkeypatch.setattr(suite, "run", run)
    monkeypatch.setattr(suite, "KEYRING", Path(__file__))
    monkeypatch.setattr(apt, "KEYRING", Path(__file__))
    monkeypatch.setattr(apt, "require", lambda *_: None)
    return state


def test_the_first_mirror_that_answers_is_taken(tmp_path: Path, machine: dict[str, str]) -> None:
    machine["broken"] = "a"
    SuiteApt(tmp_path, "bookworm").update()
    assert " b bookworm main" in machine["sources"]


def test_no_mirror_that_answers_is_an_error(tmp_path: Path, machine: dict[str, str]) -> None:
    machine |= {"targets": "a bookworm main", "broken": "a"}
    with pytest.raises(BringupError, match="no mirror gave the package index: no signature"):
        SuiteApt(tmp_path, "bookworm").update()


def test_a_machine_without_debian_is_told_apart(tmp_path: Path, machine: dict[str, str]) -> None:
    machine["targets"] = "vendor stable-of-ours contrib"
    with pytest.raises(NoDebianError, match="name no mirror"):
        SuiteApt(tmp_path, "bookworm").update()


def test_a_missing_keyring_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "KEYRING", tmp_path / "none.gpg")
    with pytest.raises(NoDebianError, match=r"none\.gpg is missing"):
        SuiteApt(tmp_path, "bookworm")
