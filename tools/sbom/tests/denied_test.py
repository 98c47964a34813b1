"""The list of denied versions: what it hits, what it lets through, and what is wrong with a list."""

import datetime
from pathlib import Path

import pytest
from packageurl import PackageURL

from tools.sbom.denied import DeniedError, DenyList, problems, read

_TODAY = datetime.date(2026, 11, 28)
_DENIED = """
[[denied]]
id = "CVE-1"
packages = ["pkg:deb/debian/libgrpc-dev", "pkg:deb/debian/libgrpc29"]
affected = "vers:deb/>=1.51.0|<1.53.2"
source = "https://example.com/CVE-1"
date = 2026-11-28
"""
_EXCEPTION = """
[[exception]]
id = "CVE-1"
languages = ["cpp"]
reason = "Debian has no other."
expires = 2026-11-28
"""


def _list(tmp_path: Path, text: str) -> DenyList:
    path = tmp_path / "denied.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def _purl(version: str) -> PackageURL:
    return PackageURL.from_string(f"pkg:deb/debian/libgrpc-dev@{version}?arch=amd64")


@pytest.mark.parametrize(
    ("version", "hit"), [("1.51.1-3%2Bb1", True), ("1.53.2-1", False), ("1.50.0-1", False)]
)
def test_versions_in_the_packages_own_order(tmp_path: Path, version: str, hit: bool) -> None:
    found = list(problems(_list(tmp_path, _DENIED), "cpp", [_purl(version)], _TODAY))
    assert bool(found) == hit
    assert not hit or "CVE-1: pkg:deb/debian/libgrpc-dev@1.51.1-3%2Bb1" in found[0]


def test_an_exception_holds_for_its_language_on_its_last_day(tmp_path: Path) -> None:
    deny_list = _list(tmp_path, _DENIED + _EXCEPTION)
    purls = [_purl("1.51.1-3")]
    assert list(problems(deny_list, "cpp", purls, _TODAY)) == []
    assert len(list(problems(deny_list, "ruby", purls, _TODAY))) == 1


def test_an_exception_that_is_over_or_unused_is_red(tmp_path: Path) -> None:
    deny_list = _list(tmp_path, _DENIED + _EXCEPTION)
    tomorrow = _TODAY + datetime.timedelta(days=1)
    [over] = problems(deny_list, "cpp", [_purl("1.51.1-3")], tomorrow)
    assert over == "CVE-1: the exception for cpp was over on 2026-11-28"
    [unused] = problems(deny_list, "cpp", [_purl("1.54.0-1")], _TODAY)
    assert unused == "CVE-1: the exception for cpp is not used any more"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (_DENIED.replace("vers:deb", "vers:npm"), "denied CVE-1: .*libgrpc-dev has no versions of"),
        (_DENIED.replace("date = 2026-11-28", ""), "denied CVE-1: 'date'"),
        (_DENIED.replace("pkg:deb", "deb"), "denied CVE-1: "),
        (_DENIED + _EXCEPTION.replace("CVE-1", "CVE-2"), "exception CVE-2: nothing of this id"),
        (_DENIED + _EXCEPTION.replace("Debian has no other.", ""), "exception CVE-1: .*reason"),
        (_DENIED.replace("denied", "refused"), "refused"),
    ],
)
def test_what_is_wrong_with_a_list_is_named(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(DeniedError, match=names):
        _list(tmp_path, text)
