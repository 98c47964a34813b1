"""Renders a report as JUnit XML: one testcase a permutation, one testsuite a cell."""

import itertools
import re
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree

from conformance.runner.outcome import BAD, Outcome, Result
from conformance.runner.report import Report, reproduce

# Outcomes of permutations that say nothing about the peers.
_SKIPPED: Final = frozenset({Outcome.KNOWN_FAILING, Outcome.UNSUPPORTED, Outcome.NOT_RUN})
_ERRORS: Final = frozenset({Outcome.CRASHED, Outcome.TIMED_OUT})
# XML 1.0 has no characters for these.
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> bytes:
    """The report as one XML document."""
    root = ElementTree.Element("testsuites", name=f"conformance {report.profile}")
    cells = itertools.groupby(report.results, key=lambda result: result.permutation.cell)
    for cell, results in cells:
        _suite(root, str(cell), list(results), report)
    if problems := report.complaints():
        _problems(root, problems)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _suite(root: ElementTree.Element, cell: str, results: list[Result], report: Report) -> None:
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=cell,
        tests=str(len(results)),
        failures=_count(results, BAD - _ERRORS),
        errors=_count(results, _ERRORS),
        skipped=_count(results, _SKIPPED),
    )
    for result in results:
        testcase = ElementTree.SubElement(
            suite,
            "testcase",
            classname=cell,
            name=result.permutation.case.name,
            time=f"{result.duration:.6f}",
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
        detail.text = _clean(f"{reproduce(report, result.permutation)}\n{result.transcript}")


def _problems(root: ElementTree.Element, problems: list[str]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name="run", tests="1", failures="1")
    testcase = ElementTree.SubElement(suite, "testcase", classname="run", name="verdict")
    detail = ElementTree.SubElement(testcase, "failure", message=_clean(problems[0]))
    detail.text = _clean("\n".join(problems))


def _count(results: list[Result], outcomes: Iterable[Outcome]) -> str:
    wanted = frozenset(outcomes)
    return str(sum(1 for result in results if result.outcome in wanted))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
