"""Known failures: what a file may say, which permutations it covers, and when an entry is stale."""

import datetime
from pathlib import Path

import pytest

from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.config import Config, KeyType, Security
from conformance.runner.known_failing import Entry, KnownFailingError, find, read, stale
from conformance.runner.pattern import parse
from conformance.runner.plan import CellName, Permutation

GOOD = """\
[[entry]]
match = "server=go/key_type=p521"
reason = "cannot verify"
reference = "a document"
expires = 2030-01-31
"""
TODAY = datetime.date(2029, 12, 31)


async def nothing(_: Cell) -> None:
    """Does nothing."""


TLS_ONLY = Case("handshake", "tls", nothing, (), "c", securities=(Security.TLS,))


def entry(match: str, expires: datetime.date = datetime.date(2030, 1, 1)) -> Entry:
    """An entry of Go's."""
    return Entry("go", parse(match), "why", "where", expires)


def test_reads_and_finds(tmp_path: Path) -> None:
    path = tmp_path / "known_failing.toml"
    path.write_text(GOOD)
    (found,) = entries = read("go", path)
    assert (found.reason, found.expires) == ("cannot verify", datetime.date(2030, 1, 31))
    cell = CellName("python", "go", Config(Security.TLS, KeyType.P521))
    assert find(entries, Permutation(cell, TLS_ONLY)) is found
    other = cell._replace(server="python")
    assert find(entries, Permutation(other, TLS_ONLY)) is None


def test_a_file_may_have_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "known_failing.toml"
    path.write_text("# Nothing fails.\n")
    assert read("go", path) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not = [toml", "known_failing.toml of go: "),
        ("[[entries]]\n", r"expected only \[\[entry\]\] tables"),
        (GOOD.replace("reference", "link"), "expected exactly the fields match, reason"),
        (GOOD.replace('"cannot verify"', '""'), "reason must be a str and not empty"),
        (GOOD.replace("2030-01-31", '"2030-01-31"'), "expires must be a date"),
        (GOOD.replace("server=go", "servers=go"), "bad pattern 'servers=go/key_type=p521'"),
        (GOOD.replace("server=go", "server=*"), "must name client=go or server=go"),
    ],
)
def test_a_wrong_entry_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "known_failing.toml"
    path.write_text(text)
    with pytest.raises(KnownFailingError, match=message):
        read("go", path)


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (entry("client=go"), None),
        (entry("client=go/server=rust/security=tls/case=hand*"), None),
        (entry("client=go/server=perl"), "matches nothing"),
        (entry("client=go/case=handshakes"), "matches nothing"),
        (entry("client=go/security=plaintext/key_type=p256"), "matches nothing"),
        (entry("client=go/security=mtls"), "matches nothing"),
        (entry("client=go", datetime.date(2029, 12, 30)), "expired on 2029-12-30: why"),
        (entry("client=go", TODAY), None),
    ],
)
def test_stale_entries_are_found(one: Entry, problem: str | None) -> None:
    problems = stale([one], ["go", "rust"], [TLS_ONLY], TODAY)
    assert len(problems) == (problem is not None)
    assert problem is None or problem in problems[0]
