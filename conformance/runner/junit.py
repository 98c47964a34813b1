"""Renders a report as JUnit XML: one testcase a permutation, one testsuite a cell.

What CI tools make of it: a package for each client, in it its servers, in them the securities.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree import ElementTree

from conformance.runner.config import KeyType
from conformance.runner.outcome import BAD, Outcome, Result
from conformance.runner.plan import CellName
from conformance.runner.report import Report, reproduce

# Outcomes of permutations that say nothing about the peers.
_SKIPPED: Final = frozenset({Outcome.KNOWN_FAILING, Outcome.UNSUPPORTED, Outcome.NOT_RUN})
_ERRORS: Final = frozenset({Outcome.CRASHED, Outcome.TIMED_OUT})
# Key types that go without saying: what every profile has.
_USUAL: Final = frozenset({KeyType.NONE, KeyType.P256})
# XML 1.0 has no characters for these.
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Properties = Iterable[tuple[str, str]]


def junit(report: Report) -> bytes:
    """The report as one XML document; its last testsuite is the verdict of the run."""
    root = ElementTree.Element("testsuites", name=f"conformance {report.profile}")
    described = {(p.language, p.role): p.described for p in report.programs}
    cells = itertools.groupby(report.results, key=lambda result: result.permutation.cell)
    for cell, results in cells:
        properties = _cell_properties(cell, described)
        _suite(root, class_name(cell), list(results), report, properties)
    _verdict(root, report)
    for attribute in ("tests", "failures", "errors"):
        total = sum(int(suite.get(attribute, "0")) for suite in root)
        root.set(attribute, str(total))
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def class_name(cell: CellName) -> str:
    """`go.python.mtls`, or `go.python.mtls.p521` where the key type does not go without saying."""
    parts = [cell.client, cell.server, cell.config.security.value]
    if cell.config.key_type not in _USUAL:
        parts.append(cell.config.key_type.value)
    return ".".join(parts)


def _suite(
    root: ElementTree.Element,
    name: str,
    results: list[Result],
    report: Report,
    properties: _Properties,
) -> None:
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(results)),
        failures=_count(results, BAD - _ERRORS),
        errors=_count(results, _ERRORS),
        skipped=_count(results, _SKIPPED),
        time=f"{sum(result.duration for result in results):.3f}",
    )
    _properties(suite, properties)
    for result in results:
        testcase = ElementTree.SubElement(
            suite,
            "testcase",
            classname=name,
            name=result.permutation.case.name,
            time=f"{result.duration:.3f}",
        )
        _detail(testcase, result, report)


def _detail(testcase: ElementTree.Element, result: Result, report: Report) -> None:
    if result.outcome is Outcome.PASSED:
        return
    kind = "skipped" if result.outcome in _SKIPPED else "failure"
    if result.outcome in _ERRORS:
        kind = "error"
    message = _clean(f"{result.outcome}: {result.reason}")
    detail = ElementTree.SubElement(testcase, kind, type=result.outcome.value, message=message)
    if result.outcome in BAD:
        command = reproduce(report, result.permutation)
        clause = f"checks {result.permutation.case.clause}"
        detail.text = _clean("\n".join([message, clause, command, result.transcript]))


def _verdict(root: ElementTree.Element, report: Report) -> None:
    """One test that fails as the run does, whatever made it fail, with the run's properties."""
    complaints = report.complaints()
    suite = ElementTree.SubElement(
        root, "testsuite", name="run", tests="1", failures=str(int(bool(complaints))), errors="0"
    )
    run = {"profile": report.profile, "started": report.started.isoformat(timespec="seconds")}
    _properties(suite, (run | dict(report.environment)).items())
    testcase = ElementTree.SubElement(suite, "testcase", classname="run", name="verdict")
    if complaints:
        message = _clean(complaints[0])
        detail = ElementTree.SubElement(testcase, "failure", type="failed", message=message)
        detail.text = _clean("\n".join(complaints))


def _cell_properties(
    cell: CellName, described: Mapping[tuple[str, str], Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """The config, and of both programs what they said of themselves: `server.tls_stack`."""
    yield "security", cell.config.security.value
    yield "key_type", cell.config.key_type.value
    for role, language in (("client", cell.client), ("server", cell.server)):
        for field in ("library", "transport", "tls_stack"):
            if text := described.get((language, role), {}).get(field):
                yield f"{role}.{field}", text


def _properties(suite: ElementTree.Element, properties: _Properties) -> None:
    element = ElementTree.SubElement(suite, "properties")
    for name, value in properties:
        ElementTree.SubElement(element, "property", name=name, value=_clean(value))


def _count(results: list[Result], outcomes: Iterable[Outcome]) -> str:
    wanted = frozenset(outcomes)
    return str(sum(1 for result in results if result.outcome in wanted))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
