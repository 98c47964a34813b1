"""Diffs: what counts as worse, what is new and gone, and how they are told."""

import json
from typing import Any

import pytest

from conformance.results.diff import ABSENT, Change, compare, describe, to_json
from conformance.results.fakes.sample import PASSED, sample
from conformance.results.reader import OUTCOMES

GO = {"client": "go", "server": "ruby", "case": "get_put", "security": "tls"}
NAME = "client=go/server=ruby/security=tls/key_type=p256/case=get_put"


BAD = ("failed", "unexpected_pass", "crashed", "timed_out")


@pytest.mark.parametrize(
    ("before", "worse", "better"),
    [
        ("passed", {*OUTCOMES} - {"passed"}, set()),
        ("failed", set(), {"passed", "known_failing", "unsupported", "not_run"}),
        ("known_failing", {*BAD, "not_run"}, {"passed"}),
        ("not_run", {*BAD}, {"passed", "known_failing", "unsupported"}),
        (ABSENT, {*BAD}, set()),
    ],
)
def test_what_is_worse_and_better(before: str, worse: set[str], better: set[str]) -> None:
    changes = [Change(before, after, ()) for after in OUTCOMES]
    assert {change.after for change in changes if change.kind == "worse"} == worse
    assert {change.after for change in changes if change.kind == "better"} == better


def test_what_is_new_or_gone_is_called_so() -> None:
    assert Change(ABSENT, "passed", ()).kind == "new"
    assert {Change(before, ABSENT, ()).kind for before in OUTCOMES} == {"gone"}
    assert Change("failed", "crashed", ()).kind == "other"


def test_the_same_run_has_not_changed() -> None:
    diff = compare(sample(GO), sample(GO))
    assert (diff.changes, diff.same, diff.worse) == ((), PASSED, False)
    assert [*describe(diff)] == [f"nothing changed: {PASSED} permutations"]


def test_changes_are_grouped_worse_first() -> None:
    before = sample({"client": "python", "server": "go"})
    after = sample({"server": "ruby", "suite": "unary", "security": "tls"})
    diff = compare(before, after)
    assert diff.worse
    assert [*describe(diff)] == [
        "worse: 6 permutations, passed -> failed",
        "  case=get_put: 3 permutations (status: expected OK, got UNKNOWN: 'boom')",
        "  case=get_missing: 3 permutations (status: expected OK, got UNKNOWN: 'boom')",
        "better: 9 permutations, failed -> passed",
        "  client=python/server=go: 9 permutations",
        f"same: {PASSED - 15} permutations",
    ]


def test_what_is_new_and_what_is_gone() -> None:
    whole = sample(GO)
    part = whole._replace(permutations=tuple(p for p in whole.permutations if p.name != NAME))
    new, gone = compare(part, whole), compare(whole, part)
    assert [*describe(new)][:2] == [
        "worse: 1 permutation, absent -> failed",
        f"  {NAME} (status: expected OK, got UNKNOWN: 'boom')",
    ]
    assert next(describe(gone)) == "gone: 1 permutation, failed -> absent"
    assert (new.worse, gone.worse) == (True, False)


def test_the_diff_as_data() -> None:
    data: dict[str, Any] = json.loads(json.dumps(to_json(compare(sample(), sample(GO)))))
    (change,) = data.pop("changes")
    assert data == {"schema": "stock-diff/1", "worse": True, "same": PASSED - 1}
    assert change == {
        "before": "passed",
        "after": "failed",
        "kind": "worse",
        "permutations": [
            {
                "name": NAME,
                "reproduce": f"./bazelw test //conformance:matrix --test_filter={NAME}",
                "reason": "status: expected OK, got UNKNOWN: 'boom'",
            }
        ],
    }
