"""JUnit: one testcase a permutation, the right element for each outcome, always valid XML."""

import re
from xml.etree import ElementTree

import pytest

from conformance.runner.config import PLAINTEXT, Config, KeyType, Security
from conformance.runner.fakes.sample import report
from conformance.runner.junit import class_name, junit
from conformance.runner.outcome import Outcome
from conformance.runner.plan import CellName

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

# What Jenkins' and GitLab's readers know: for each element its children, and its attributes, of
# which those with a star must be there.
FORMAT = {
    "testsuites": (("testsuite",), "name tests failures errors"),
    "testsuite": (
        ("properties", "testcase"),
        "name* tests* failures* errors* skipped time",
    ),
    "properties": (("property",), ""),
    "property": ((), "name* value*"),
    "testcase": (("skipped", "error", "failure"), "name* classname* time"),
    "skipped": ((), "type message"),
    "error": ((), "type message"),
    "failure": ((), "type message"),
}


def parsed(*outcomes: Outcome) -> ElementTree.Element:
    return ElementTree.fromstring(junit(report(*outcomes)))


def test_every_outcome_has_its_element() -> None:
    found = {
        testcase.get("name"): [child.tag for child in testcase]
        for testcase in parsed(*Outcome).iter("testcase")
        if testcase.get("classname") != "run"
    }
    expected = {f"case_{o}": [tag] if tag else [] for o, tag in ELEMENTS.items()}
    assert found == expected


def test_every_element_is_one_that_readers_know() -> None:
    for element in parsed(*Outcome).iter():
        children, attributes = FORMAT[element.tag]
        known = {name.rstrip("*") for name in attributes.split()}
        required = {name.rstrip("*") for name in attributes.split() if name.endswith("*")}
        assert {child.tag for child in element} <= set(children)
        assert required <= {*element.keys()} <= known
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))


def test_a_failure_tells_how_to_reproduce_it() -> None:
    (failure,) = [f for f in parsed(Outcome.FAILED).iter("failure") if f.text and "-->" in f.text]
    message, clause, command, *transcript = (failure.text or "").splitlines()
    assert failure.get("message") == message
    assert message.startswith("failed: why failed: expected <a> & 'b'")
    assert clause == "checks service.md 3"
    assert command.startswith("./bazelw test //conformance:matrix --test_filter=client=go/")
    assert transcript == ["GET", "  --> start"]


def test_classes_are_client_server_and_security() -> None:
    root = parsed(Outcome.PASSED, Outcome.FAILED)
    classes = [testcase.get("classname") for testcase in root.iter("testcase")]
    assert classes == ["go.python.plaintext", "go.python.mtls", "run"]
    assert [suite.get("name") for suite in root] == classes


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (PLAINTEXT, "go.ruby.plaintext"),
        (Config(Security.TLS, KeyType.P256), "go.ruby.tls"),
        (Config(Security.MTLS, KeyType.P521), "go.ruby.mtls.p521"),
    ],
)
def test_an_unusual_key_type_is_told(config: Config, name: str) -> None:
    assert class_name(CellName("go", "ruby", config)) == name


def test_suites_count_and_the_verdict_stands_apart() -> None:
    root = parsed(Outcome.PASSED, Outcome.CRASHED)
    cell, run = root.findall("testsuite")
    counted = [cell.get(name) for name in ("tests", "failures", "errors", "skipped", "time")]
    assert counted == ["2", "0", "1", "0", "0.500"]
    assert [run.get(name) for name in ("name", "tests", "failures")] == ["run", "1", "1"]
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]
    (passed,) = parsed(Outcome.PASSED).findall("testsuite[@name='run']")
    assert passed.get("failures") == "0"
    assert passed.find("testcase/failure") is None


def test_properties_tell_programs_and_machine() -> None:
    cell, run = parsed(Outcome.FAILED).findall("testsuite")
    told = [
        {p.get("name"): p.get("value") for p in suite.iter("property")} for suite in (cell, run)
    ]
    assert told[0]["client.library"] == "grpc-go 1"
    assert told[0]["key_type"] == "p256"
    assert told[1] == {
        "profile": "standard",
        "started": "2030-01-01T00:00:00+00:00",
        "cores": "2",
    }
