"""The private apt: its configuration, the choice of a mirror, and what it does with files."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.bazel.prefix import apt
from tools.bazel.prefix.apt import Apt, codename, configuration, mirrors, source_line
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Package

_PACKAGE = Package("zlib1g", "1:1.3-1", 5, hashlib.sha256(b"right").hexdigest())


def test_the_configuration_keeps_state_private_and_clears_hooks() -> None:
    text = configuration(Path("/some/where"))
    assert 'Dir::State::lists "/some/where/lists";' in text
    assert "#clear APT::Update::Post-Invoke;" in text
    assert "#clear DPkg::Post-Invoke;" in text
    assert "Check-Valid-Until" in text
    assert "AllowUnauthenticated" not in text


def test_the_source_is_signed_by_debian() -> None:
    assert source_line("m:/d") == (
        "deb [arch=amd64 target=Packages "
        "signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] m:/d sid main\n"
    )


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ("a bookworm main\na bookworm-updates main\ns bookworm-security main", ["a"]),
        ("vendor bookworm main\na bookworm main\na bookworm-updates main", ["a", "vendor"]),
        ("a stable main", ["a"]),
        ("a sid main", ["a"]),
        ("vendor bookworm stable\nother nodistro main", []),
        ("", []),
    ],
)
def test_mirrors_of_debian_come_first(targets: str, expected: list[str]) -> None:
    assert mirrors(targets, "bookworm") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ID=debian\nVERSION_CODENAME=bookworm\n", "bookworm"),
        ('VERSION_CODENAME="x"', "x"),
        ("", ""),
    ],
)
def test_the_codename_is_read(text: str, expected: str) -> None:
    assert codename(text) == expected


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What was run, by a `run` that writes a package file with the content `right`."""
    done: list[Sequence[str]] = []

    def run(command: Sequence[str], _deadline: float, cwd: Path | None = None) -> str:
        done.append(command)
        if cwd is not None:
            (cwd / "zlib1g_1%3a1.3-1_amd64.deb").write_bytes(b"right")
        return ""

    monkeypatch.setattr(apt, "run", run)
    monkeypatch.setattr(apt, "require", lambda *_: None)
    monkeypatch.setattr(apt, "KEYRING", Path(__file__))
    return done


def test_a_verified_file_is_not_loaded_again(tmp_path: Path, commands: list[Sequence[str]]) -> None:
    (tmp_path / "zlib1g_1%3a1.3-1_amd64.deb").write_bytes(b"right")
    files = Apt(tmp_path / "apt").download([_PACKAGE], tmp_path)
    assert files == [tmp_path / "zlib1g_1%3a1.3-1_amd64.deb"]
    assert commands == []


def test_a_spoilt_file_of_an_earlier_start_is_loaded_anew(
    tmp_path: Path, commands: list[Sequence[str]]
) -> None:
    (tmp_path / "zlib1g_1%3a1.3-1_amd64.deb").write_bytes(b"wro")
    (file,) = Apt(tmp_path / "apt").download([_PACKAGE], tmp_path)
    assert file.read_bytes() == b"right"
    assert commands[-1][-1] == "zlib1g=1:1.3-1"


def test_a_wrong_byte_is_an_error_and_the_file_goes(
    tmp_path: Path, commands: list[Sequence[str]]
) -> None:
    other = Package("zlib1g", "1:1.3-1", 5, hashlib.sha256(b"rigid").hexdigest())
    with pytest.raises(BringupError, match=r"zlib1g 1:1\.3-1 does not have the expected size"):
        Apt(tmp_path / "apt").download([other], tmp_path)
    assert len(commands) == 1
    assert list(tmp_path.glob("*.deb")) == []


def test_no_mirror_is_an_error(tmp_path: Path, commands: list[Sequence[str]]) -> None:
    with pytest.raises(BringupError, match="names no Debian mirror"):
        Apt(tmp_path).update()
    assert len(commands) == 1


def test_a_missing_keyring_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "require", lambda *_: None)
    monkeypatch.setattr(apt, "KEYRING", tmp_path / "none.gpg")
    with pytest.raises(BringupError, match="install debian-archive-keyring"):
        Apt(tmp_path)
