"""JUnit: one testcase a permutation, the right element for each outcome, always valid XML."""

from xml.etree import ElementTree

from conformance.runner.fakes.sample import report
from conformance.runner.junit import junit
from conformance.runner.outcome import Outcome

ELEMENTS = {
    Outcome.PASSED: None,
    Outcome.FAILED: "failure",
    Outcome.KNOWN_FAILING: "skipped",
    Outcome.UNEXPECTED_PASS: "failure",
    Outcome.UNSUPPORTED: "skipped",
    Outcome.NOT_RUN: "skipped",
    Outcome.CRASHED: "error",
    Outcome.TIMED_OUT: "error",
}


def test_every_outcome_has_its_element() -> None:
    root = ElementTree.fromstring(junit(report(*Outcome)))
    found = {
        testcase.get("name"): [child.tag for child in testcase]
        for testcase in root.iter("testcase")
        if testcase.get("classname") != "run"
    }
    expected = {f"case_{o}": [tag] if tag else [] for o, tag in ELEMENTS.items()}
    assert found == expected


def test_a_failure_tells_how_to_reproduce_it() -> None:
    root = ElementTree.fromstring(junit(report(Outcome.FAILED)))
    (failure,) = [f for f in root.iter("failure") if f.get("type") == "failed"]
    assert (failure.text or "").startswith("./bazelw test //conformance:matrix --test_filter=")
    assert "expected <a> & 'b'" in (failure.get("message") or "")


def test_suites_count_and_the_verdict_stands_apart() -> None:
    root = ElementTree.fromstring(junit(report(Outcome.PASSED, Outcome.CRASHED)))
    cell, run = root.findall("testsuite")
    counted = [cell.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counted == ["2", "0", "1", "0"]
    assert run.get("name") == "run"
    assert len(ElementTree.fromstring(junit(report(Outcome.PASSED))).findall("testsuite")) == 1
