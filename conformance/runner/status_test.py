"""Tests of the status page: what a small run makes of it, and that the committed page has every language."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.results.fakes.sample import LANGUAGES, document
from conformance.results.reader import parse
from conformance.runner import status
from conformance.runner.known_failing import Entry
from conformance.runner.pattern import parse as pattern
from conformance.runner.written import Matrix, PageError, located, write

ENTRIES = tuple(
    Entry("ruby", pattern(match), f"it {verb}", "RFC 0", datetime.date(2027, 6, 30))
    for match, verb in (("client=ruby/server=go/security=tls", "fails"), ("server=ruby", "sleeps"))
)
KNOWN = {"client": "ruby", "server": "go", "security": "tls", "outcome": "known_failing"}


def page(*failures: dict[str, Any], **changes: Any) -> str:
    """The page of the sample with these failures and changes of its document."""
    results = parse(document(*failures) | changes, "sample")
    return status.page("# Status\n", results, Matrix(LANGUAGES, ENTRIES))


def rows(text: str, heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without its head."""
    section = text.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    lines = [line for line in section.split("\n") if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines[1:]]


def test_a_good_run() -> None:
    text = page()
    assert text.startswith("# Status\n\n## The run\n\nProfile `standard`, started 2030-01-02 03:04")
    assert " UTC on Linux, 2 cores: **passed**." in text
    assert "84 permutations: 84 passed." in text
    assert "Why it failed" not in text
    assert rows(text, "### plaintext") == [
        ["go", "3", "3", "3"],
        ["python", "3", "3", "3"],
        ["ruby", "3", "3", "3"],
        ["runner", "1", "1", "1"],
    ]
    assert rows(text, "### tls, p256") == [[name, "3", "3", "3"] for name in LANGUAGES]
    go = ["go", "client and server", "grpc-go 1.85.0", "go 1.26.8", "grpc-go", "crypto/tls"]
    assert rows(text, "## Languages")[0] == [*go, "server 0.2 s, client 0.2 s"]
    assert text.endswith("([ADR 21](adr/0021-costly-cases.md)).\n")


def test_cells_tell_outcomes() -> None:
    text = page(
        KNOWN,
        {"server": "python", "security": "tls", "case": "get_put", "outcome": "unsupported"},
        {"client": "python", "server": "ruby", "security": "tls", "case": "get_put"},
        {"client": "go", "server": "go", "security": "tls", "outcome": "not_run"},
    )
    assert rows(text, "### tls, p256") == [
        ["go", "0 3n", "2 1u", "3"],
        ["python", "3", "2 1u", "2 **1 failed**"],
        ["ruby", "0 3k", "2 1u", "3"],
    ]


def test_a_bad_run_says_why() -> None:
    text = page({"client": "go", "server": "go", "case": "get_put", "security": "tls"})
    assert "**failed**" in text
    failed = text.partition("## Why it failed\n\n")[2].partition("\n\n")[0].split("\n")
    assert failed == [
        "- 1 failed",
        "- `client=go/server=go/security=tls/key_type=p256/case=get_put`: failed, "
        "status: expected OK, got UNKNOWN: 'boom'",
    ]


def test_known_failures_stand_with_their_reasons() -> None:
    text = page(KNOWN).partition("### ruby\n\n")[2].partition("\n\n")[0]
    assert text.split("\n") == [
        "- `client=ruby/server=go/security=tls` (3 times, until 2027-06-30): it fails. "
        "Source: RFC 0.",
        "- `server=ruby` (not met in this run, until 2027-06-30): it sleeps. Source: RFC 0.",
    ]


def test_a_known_failure_that_the_tree_does_not_know_is_an_error() -> None:
    with pytest.raises(PageError, match="9 known failures of the run stand in no list"):
        page({"client": "go", "server": "go", "outcome": "known_failing"})


def test_abilities_that_others_claim() -> None:
    programs = document()["programs"]
    programs[0]["supports"] = []
    programs[1]["supports"] = ["wait_for_ready", "observe_tls"]
    reason = "observe_tls by the go server is not claimed, and the probe agreed; UNIMPLEMENTED"
    asked = {"server": "go", "case": "get_put", "outcome": "unsupported", "reason": reason}
    text = page(asked, programs=programs)
    assert rows(text, "## Unsupported abilities") == [
        ["go", "server", "observe_tls (9)"],
        ["python", "client", "wait_for_ready (0)"],
        ["ruby", "client", "wait_for_ready (0)"],
    ]


def test_what_was_not_run() -> None:
    missing = {"outcome": "not_run", "reason": "no Go: unpack it"}
    text = page({"server": "go"} | missing, missing={"go": "no Go: unpack it"})
    told = text.partition("## What was not run\n\n")[2].split("\n")
    assert told[:3] == [
        "- go: no Go: unpack it",
        "- 28 permutations: no Go: unpack it",
        "- Key types rsa2048, rsa4096, p384: no config of the profile `standard` has them.",
    ]


def test_a_part_of_the_matrix_makes_no_page() -> None:
    results = parse(document(), "sample")
    with pytest.raises(PageError, match="expected a run of go, rust; got one of go, python, ruby"):
        status.page("", results, Matrix(("go", "rust"), ()))


def test_a_page_that_cannot_be_made_is_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {
        "BUILD_WORKING_DIRECTORY": str(tmp_path),
        "BUILD_WORKSPACE_DIRECTORY": str(tmp_path),
    }
    (tmp_path / "page.md").write_text("as it was")
    assert write("page.md", ["a"], environ, lambda paths: json.loads(paths[0].read_text())) == 1
    assert write("page.md", [], environ, str) == 2
    assert (tmp_path / "page.md").read_text() == "as it was"
    told = capsys.readouterr().err.splitlines()
    assert str(tmp_path / "a") in told[0]
    assert told[1] == "no results given: page.md is made from RESULTS.json"
    assert write("page.md", ["a"], environ, lambda paths: f"of {paths[0].name}") == 0
    assert (tmp_path / "page.md").read_text() == "of a"


def test_the_committed_page_has_every_language() -> None:
    committed = located("docs/status.md").read_text("utf-8")
    beginning = located("conformance/runner/status.md").read_text("utf-8")
    assert committed.startswith(beginning.rstrip()), "run: ./bazelw run //conformance:status"
    languages = sorted(located("conformance/languages.txt").read_text("utf-8").split())
    tables = [part for part in committed.split("\n### ") if "client \\ server" in part]
    assert [table.partition("\n")[0].partition(",")[0] for table in tables] == [
        "plaintext",
        "tls",
        "mtls",
    ]
    for table in tables:
        assert f"| client \\ server | {' | '.join(languages)} |" in table
        for language in languages:
            assert f"\n| {language} | " in table
