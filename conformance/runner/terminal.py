"""Shows a run as it goes: a live table on a terminal, plain lines anywhere else."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol, TextIO

from conformance.runner.outcome import BAD, Outcome, Result
from conformance.runner.plan import CellName, Plan
from conformance.runner.report import Report, reproduce
from conformance.runner.tally import Tally, describe
from conformance.runner.waterfall import waterfall

if TYPE_CHECKING:
    from rich.table import Table

_MOST_FAILURES: Final = 20
_MOST_OF_A_CELL: Final = 5
_MOST_FINDINGS: Final = 10
# Seconds between two drawings of the live table: drawing costs the runner time.
_REDRAW: Final = 0.2


class Display(Protocol):
    """Shows a run."""

    def result(self, result: Result) -> None:
        """Takes in one result as it comes."""

    def close(self) -> None:
        """Ends the showing of progress."""


def open_display(plan: Plan, out: TextIO) -> Display:
    """A live table where `out` is a terminal, else plain lines."""
    return LiveDisplay(plan, out) if out.isatty() else PlainDisplay(plan, out)


class PlainDisplay:
    """A line for each cell that is done, and one for each bad result."""

    def __init__(self, plan: Plan, out: TextIO) -> None:
        self._out = out
        self._left = Counter(permutation.cell for permutation in plan.permutations)
        self._counts: dict[CellName, Counter[Outcome]] = {cell: Counter() for cell in self._left}

    def result(self, result: Result) -> None:
        """Prints what is worth a line."""
        cell = result.permutation.cell
        self._left[cell] -= 1
        self._counts[cell][result.outcome] += 1
        bad = sum(count for outcome, count in self._counts[cell].items() if outcome in BAD)
        if result.outcome in BAD and bad <= _MOST_OF_A_CELL:
            text = f"{result.outcome.upper()} {result.permutation.name}: {result.reason}"
            print(text, file=self._out)
        if not self._left[cell]:
            print(f"{cell}: {describe(self._counts[cell])}", file=self._out, flush=True)

    def close(self) -> None:
        """Nothing is open."""


class LiveDisplay:
    """A table of pairs that fills as results come."""

    def __init__(self, plan: Plan, out: TextIO) -> None:
        # Loading rich takes a tenth of a second that a run without a terminal can do without.
        from rich.console import Console
        from rich.live import Live

        self._tally = Tally()
        for permutation in plan.permutations:
            self._tally.pairs[permutation.cell.client, permutation.cell.server].clear()
        self._total = len(plan.permutations)
        self._seen = 0
        self._drawn = 0.0
        self._live = Live(self._table(), console=Console(file=out), auto_refresh=False)
        self._live.start()

    def result(self, result: Result) -> None:
        """Counts a result, and draws the table where it is time to."""
        self._tally.add(result)
        self._seen += 1
        if time.monotonic() - self._drawn >= _REDRAW:
            self._live.update(self._table(), refresh=True)
            self._drawn = time.monotonic()

    def close(self) -> None:
        """Draws the table a last time."""
        self._live.update(self._table(), refresh=True)
        self._live.stop()

    def _table(self) -> "Table":
        from rich.table import Table

        table = Table(title=f"{self._seen} of {self._total} permutations")
        servers = self._tally.servers
        for heading in ("client \\ server", *servers):
            table.add_column(heading)
        for client in self._tally.clients:
            cells = [self._tally.pairs.get((client, server)) for server in servers]
            table.add_row(client, *map(_coloured, cells))
        return table


def _coloured(counts: Counter[Outcome] | None) -> str:
    if not counts:
        return ""
    colour = "red" if BAD & counts.keys() else "green"
    return f"[{colour}]{describe(counts)}[/{colour}]"


def summary(report: Report, findings: Sequence[str] = ()) -> list[str]:
    """What stands below the table when the run is over, failures first, the verdict last."""
    lines = [*_failures(report), *_logs(report)]
    lines += ["", *waterfall(report.timeline), ""]
    lines += [f"!!! {name}: NOT RUN ({reason})" for name, reason in report.missing.items()]
    lines += [f"not run, {count} times: {why}" for why, count in report.not_asked().items()]
    lines += [f"together: {sentence}" for sentence in findings[:_MOST_FINDINGS]]
    complaints = report.complaints()
    lines += [f"failed: {complaint}" for complaint in complaints]
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
    lines.append(f"{'FAILED' if complaints else 'PASSED'}: {counts}")
    return lines


def _failures(report: Report) -> list[str]:
    """What failed, in full; what never began for one and the same reason, once."""
    alike = Counter(result.reason for result in report.bad if not result.transcript)
    told: set[str] = set()
    lines: list[str] = []
    for result in report.bad:
        if result.reason in told and not result.transcript:
            continue
        if len(told) == _MOST_FAILURES:
            return [*lines, "... and more in results.json"]
        told.add(result.reason if not result.transcript else result.permutation.name)
        lines += ["", f"{result.outcome.upper()} {result.permutation.name}"]
        if not result.transcript and alike[result.reason] > 1:
            lines.append(f"  and {alike[result.reason] - 1} others like it")
        lines += [f"  checks     {result.permutation.case.clause}", f"  {result.reason}"]
        lines += [f"  | {line}" for line in result.transcript.splitlines()]
        lines.append(f"  reproduce  {reproduce(report, result.permutation)}")
    return lines


def _logs(report: Report) -> list[str]:
    """The ends of the logs of all programs that had part in a failure."""
    cells = {result.permutation.cell for result in report.bad}
    involved = {(cell.client, "client") for cell in cells} | {(c.server, "server") for c in cells}
    involved |= {(result.permutation.second, "client") for result in report.bad}
    lines: list[str] = []
    for program in report.programs:
        tail = program.losses[-1][1] if program.losses else program.log_tail
        if tail and (program.losses or (program.language, program.role) in involved):
            lines += ["", f"log of the {program.name}:", *(f"  | {t}" for t in tail.splitlines())]
    return lines
