"""Measures what a permutation costs: wall and CPU of client, server and runner, over many of them.

Not a test: figures depend on the machine. Cases that wait for nothing are repeated over one pair,
so that starts do not count; the waterfall of the matrix tells about those.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import TextIO

from conformance.runner.case import Scope
from conformance.runner.config import PLAINTEXT, Profile
from conformance.runner.known_failing import KnownFailingError
from conformance.runner.manifest import ManifestError
from conformance.runner.options import Options
from conformance.runner.plan import RUNNER, Permutation, PlanError, Selection
from conformance.runner.report import Report
from conformance.runner.run import conduct, load_cases, prepare
from conformance.runner.timeline import WORKING
from conformance.runner.waterfall import runner_share, waterfall


def speed(suites: Sequence[str], argv: Sequence[str], out: TextIO) -> int:
    """Prints the figures of one pair; 1 where a permutation did not pass, 2 for what cannot run."""
    given = _parser().parse_args(argv)
    selection = Selection(
        clients=(given.client,), servers=(given.server,), cases=tuple(given.case or ("*",))
    )
    options = Options("speed", given.manifest, selection, False, (), False, given.budget)
    cases = [case for case in load_cases(suites) if not case.waits and case.scope is Scope.PAIR]
    try:
        prepared = prepare(options, Profile("speed", (PLAINTEXT,)), cases)
    except (ManifestError, KnownFailingError, PlanError) as error:
        print(f"speed: {error}", file=sys.stderr)
        return 2
    permutations = prepared.plan.permutations * given.times
    prepared = prepared._replace(plan=prepared.plan._replace(permutations=permutations))
    report = conduct(prepared, lambda _: None)
    print("\n".join(figures(report, prepared.plan.permutations)), file=out)
    return 1 if report.complaints() else 0


def figures(report: Report, permutations: Sequence[Permutation]) -> list[str]:
    """The lines to print."""
    count = len(permutations)
    cpu = report.timeline.cpu_working
    cell = permutations[0].cell
    total = sum(cpu.values())
    lines = [
        f"{cell.client} -> {cell.server}, {cell.config.security}, "
        f"{count} permutations that wait for nothing",
        f"  wall    {_each(report.timeline.seconds[WORKING], count)}",
        f"  cpu     {_each(total, count)}",
        *(f"    {name:<16} {_each(seconds, count)}" for name, seconds in cpu.items()),
        f"  share of the {RUNNER}: {runner_share(cpu):.0%}",
        *waterfall(report.timeline),
    ]
    return [*lines, *(f"failed: {complaint}" for complaint in report.complaints())]


def _each(seconds: float, count: int) -> str:
    return f"{seconds * 1000 / count:.3f} ms each, {seconds:.2f} s in all"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="speed", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--manifest", required=True, metavar="PATH", help="runfiles path of the manifest")
    add("--client", default="go", metavar="LANGUAGE")
    add("--server", default="go", metavar="LANGUAGE")
    add("--case", action="append", metavar="GLOB", help="only such cases; may be repeated")
    add("--times", type=int, default=20, metavar="N", help="how often each case is run")
    add("--budget", type=float, default=300.0, metavar="SECONDS")
    return parser
