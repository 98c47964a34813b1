"""Measures what a permutation costs: wall and CPU of client, server and runner, over many of them; and its calls.

Not a test: figures depend on the machine. Cases of two programs that wait for nothing are repeated over one
pair in plaintext, so that starts do not count; the waterfall of the matrix tells about those.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from typing import NamedTuple, TextIO

from conformance.runner.case import Case, Scope
from conformance.runner.config import PLAINTEXT, Profile
from conformance.runner.known_failing import KnownFailingError
from conformance.runner.manifest import ManifestError
from conformance.runner.options import Options
from conformance.runner.plan import RUNNER, PlanError, Selection
from conformance.runner.report import Report
from conformance.runner.run import conduct, load_cases, prepare
from conformance.runner.timeline import WORKING
from conformance.runner.waterfall import waterfall

_COLUMNS = ("wall", "cpu", "client", "server", RUNNER, "share", "calls")


class Figures(NamedTuple):
    """What a permutation cost, on average: milliseconds, the runner's part of all CPU time, and calls."""

    wall: float
    cpu: float
    client: float
    server: float
    runner: float
    share: float
    calls: float

    @classmethod
    def of(cls, report: Report) -> "Figures":
        """The figures of a run of one pair, its starts left out."""
        each = 1000 / len(report.results)
        cpu = {name: seconds * each for name, seconds in report.timeline.cpu_working.items()}
        client, server = (
            sum(cost for name, cost in cpu.items() if name.endswith(role))
            for role in ("client", "server")
        )
        runner = cpu[RUNNER]
        total = client + server + runner
        wall = report.timeline.seconds[WORKING] * each
        share = runner / (total or 1.0)
        calls = sum(report.timeline.calls.values()) / len(report.results)
        return cls(wall, total, client, server, runner, share, calls)

    def row(self, name: str) -> str:
        """One line of the table."""
        milliseconds = "".join(f"{ms:8.3f}" for ms in self[:5])
        return f"  {name:<44}{milliseconds}{self.share:8.0%}{self.calls:8.1f}"


class Bench:
    """One pair, to run cases over."""

    def __init__(self, options: Options) -> None:
        self._options = options
        # Why a run failed, of all runs so far.
        self.complaints: list[str] = []

    def run(self, cases: Sequence[Case], times: int) -> Report:
        """Runs each case so many times; errors of `prepare` where it cannot."""
        prepared = prepare(self._options, Profile("speed", (PLAINTEXT,)), cases)
        permutations = prepared.plan.permutations * times
        plan = prepared.plan._replace(permutations=permutations)
        # Known failures that match none of these cases are the matrix's to tell.
        report = conduct(prepared._replace(plan=plan, stale=()), lambda _: None)
        self.complaints += report.complaints()
        return report


def speed(suites: Sequence[str], argv: Sequence[str], out: TextIO) -> int:
    """Prints the figures of one pair; 1 where a permutation did not pass, 2 for what cannot run."""
    given = _parser().parse_args(argv)
    pair = Selection(clients=(given.client,), servers=(given.server,), cases=tuple(given.case))
    bench = Bench(Options("speed", given.manifest, pair, False, (), False, given.budget))
    cases = [case for case in load_cases(suites) if of_a_pair(case)]
    try:
        print(
            f"{given.client} -> {given.server}, {PLAINTEXT.security}, cases that wait for nothing",
            file=out,
        )
        print(f"  {'ms a permutation':<44}" + "".join(f"{name:>8}" for name in _COLUMNS), file=out)
        report = bench.run(cases, given.times)
        name = f"{len(report.results) // given.times} cases, {given.times} times each"
        print(Figures.of(report).row(name), file=out)
        if given.each:
            chosen = {result.permutation.case for result in report.results}
            _each(bench, [case for case in cases if case in chosen], given.times, out)
        print("\n".join(waterfall(report.timeline)), file=out)
    except (ManifestError, KnownFailingError, PlanError) as error:
        print(f"speed: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"failed: {complaint}" for complaint in bench.complaints), file=out)
    return 1 if bench.complaints else 0


def of_a_pair(case: Case) -> bool:
    """Whether a case is one of a client and a server alone, and waits for nothing."""
    return case.scope is Scope.PAIR and not case.second_client and not case.waits


def _each(bench: Bench, cases: Sequence[Case], times: int, out: TextIO) -> None:
    """Measures each case by itself: the median, then every case, costliest first."""
    measured = {case.name: Figures.of(bench.run([case], times)) for case in cases}
    medians = Figures(
        *(statistics.median(column) for column in zip(*measured.values(), strict=True))
    )
    print(medians.row("median of the cases, each by itself"), file=out)
    for name, figures in sorted(measured.items(), key=lambda item: -item[1].cpu):
        print(figures.row(name), file=out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="speed", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--manifest", required=True, metavar="PATH", help="runfiles path of the manifest")
    add("--client", default="go", metavar="LANGUAGE")
    add("--server", default="go", metavar="LANGUAGE")
    add("--case", action="append", default=[], metavar="GLOB", help="only such; may be repeated")
    add("--times", type=int, default=20, metavar="N", help="how often each case is run")
    add("--each", action="store_true", help="measure each case by itself too")
    add("--budget", type=float, default=300.0, metavar="SECONDS", help="for each run")
    return parser
