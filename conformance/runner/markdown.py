"""Renders a report as a Markdown summary: verdict, table of pairs, what failed, the waterfall."""

from collections.abc import Iterator, Sequence

from conformance.runner.report import Report, reproduce
from conformance.runner.tally import pair_table
from conformance.runner.waterfall import waterfall

_MOST_FAILURES = 50


def markdown(report: Report, together: Sequence[str] = ()) -> str:
    """The summary of a run; `together` says what failed together, a sentence each."""
    return "\n".join(_lines(report, together)) + "\n"


def _lines(report: Report, together: Sequence[str]) -> Iterator[str]:
    complaints = report.complaints()
    yield f"# Conformance, profile {report.profile}: {'failed' if complaints else 'passed'}"
    yield ""
    yield ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
    yield ""
    for language, reason in report.missing.items():
        yield f"**{language}: not run** ({_cell(reason)})"
        yield ""
    if together:
        yield from ["## What failed together", ""]
        yield from (f"- {_cell(sentence)}" for sentence in together[:_MOST_FAILURES])
        yield ""
    yield from _pairs(report)
    yield from _programs(report)
    yield from _not_asked(report)
    if complaints:
        yield "## Why it failed"
        yield ""
        yield from (f"- {_cell(complaint)}" for complaint in complaints)
        yield ""
    yield from _failures(report)
    yield "## Where the time went"
    yield ""
    yield "```"
    yield from waterfall(report.timeline)
    yield "```"


def _not_asked(report: Report) -> Iterator[str]:
    if not_asked := report.not_asked():
        yield "## What could not be asked of what was brought along"
        yield ""
        yield from (f"- {count} times: {_cell(why)}" for why, count in not_asked.items())
        yield ""


def _pairs(report: Report) -> Iterator[str]:
    header, *rows = pair_table(report.results)
    yield f"| {' | '.join(header)} |"
    yield "|---" * len(header) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _programs(report: Report) -> Iterator[str]:
    yield "| program | library | runtime | transport | TLS stack | start |"
    yield "|---|---|---|---|---|---|"
    for program in report.programs:
        told = [program.described.get(n, "") for n in ("library", "runtime", "transport")]
        start = f"{max(program.starts) * 1000:.0f} ms" if program.starts else "never"
        cells = [program.name, *told, program.described.get("tls_stack", ""), start]
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _failures(report: Report) -> Iterator[str]:
    for result in report.bad[:_MOST_FAILURES]:
        yield f"### {result.permutation.name}: {result.outcome}"
        yield ""
        yield f"Checks {result.permutation.case.clause}."
        yield ""
        yield "```"
        yield result.reason
        yield reproduce(report, result.permutation)
        yield result.transcript
        yield "```"
        yield ""
    if len(report.bad) > _MOST_FAILURES:
        yield f"... and {len(report.bad) - _MOST_FAILURES} more in results.json."
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
