"""The choice of packages for a lock, and how the program ends."""

from pathlib import Path

import pytest

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Package
from tools.debian import fetch
from tools.debian.fetch import EXIT_FAILED, EXIT_NO_DEBIAN, main, select
from tools.debian.suite import NoDebianError

_OLD = Package("zlib1g-dev", "1:1.2-1", 10, "a" * 64)
_NEW = Package("zlib1g-dev", "1:1.2-2", 11, "b" * 64)


def test_a_superseded_version_gives_way() -> None:
    choice = select([_OLD], {"zlib1g-dev": [_NEW]}, strict=False)
    assert choice.packages == (_NEW,)
    assert choice.superseded == ((_OLD, _NEW),)


def test_strict_refuses_that_and_tells_what_to_do() -> None:
    expected = r"STOCK_STRICT=1 refuses zlib1g-dev 1:1\.2-2 instead .*: renew the lock"
    with pytest.raises(BringupError, match=expected):
        select([_OLD], {"zlib1g-dev": [_NEW]}, strict=True)


def test_a_dropped_package_is_named() -> None:
    with pytest.raises(BringupError, match="no longer in the release: zlib1g-dev: renew the lock"):
        select([_OLD], {}, strict=False)


@pytest.mark.parametrize(
    ("error", "code"),
    [(BringupError("no mirror"), EXIT_FAILED), (NoDebianError("no keyring"), EXIT_NO_DEBIAN)],
)
def test_a_failure_is_one_line_and_a_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
) -> None:
    def refuse(folder: Path, suite: str) -> None:
        assert (folder, suite) == (tmp_path / "work", "bookworm")
        raise error

    monkeypatch.setattr(fetch, "SuiteApt", refuse)
    arguments = ["lock", "bookworm", str(tmp_path / "work"), str(tmp_path / "root")]
    assert main(arguments) == code
    assert capsys.readouterr().err == f"{error}\n"
    assert list(tmp_path.iterdir()) == []
