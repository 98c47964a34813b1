"""What actions of a worker can see."""

from pathlib import Path

import pytest

from tools.remote import image as images
from tools.remote.image import image


def test_go_and_rust_are_not_there() -> None:
    hidden = (Path("/usr/local"), Path("/root/.rustup"), Path("/home/me/.rustup"))
    assert not [path for path in image() for one in hidden if one.is_relative_to(path)]


def test_what_is_asked_for_is(tmp_path: Path) -> None:
    assert tmp_path in image([tmp_path])
    assert tmp_path / "none" not in image([tmp_path / "none"])


@pytest.mark.parametrize(
    ("prefix", "more"), [("/usr", False), ("/usr/local", True), ("/home/me/python", True)]
)
def test_python_is_given_where_it_is_not_debians(
    monkeypatch: pytest.MonkeyPatch, prefix: str, more: bool
) -> None:
    monkeypatch.setattr(images, "interpreter", lambda: Path(prefix))
    monkeypatch.setattr("os.path.exists", lambda _path: True)
    assert (Path(prefix) in image()) == more
