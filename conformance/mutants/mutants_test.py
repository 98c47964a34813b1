"""Runs the cases against mutants: each must be caught, at the rule it breaks and nowhere else.

And each case must be killed by one of them: seen failing for what it is to notice. A program rather than
pytest, as all of it is one run; `--test_filter` or an argument chooses mutants, and then not every case
has one. Without Bazel, which tells by `TEST_TIMEOUT`, it takes at most 15 minutes.
"""

import fnmatch
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from conformance.mutants.mutant import MUTANTS
from conformance.mutants.program import load
from conformance.mutants.run import HONEST, prepare
from conformance.mutants.score import coverage, judge, score, unkilled
from conformance.runner.outcome import BAD, Result
from conformance.runner.plan import RUNNER
from conformance.runner.report import Report
from conformance.runner.run import conduct, load_cases, write_reports
from conformance.stock.matrix_config import SUITES

# Seconds: Bazel's for a large test.
_TIMEOUT: Final = "900"


def main(argv: Sequence[str], environ: Mapping[str, str], out: TextIO) -> int:
    """0 where every mutant was caught and every case killed; 1 otherwise, and where right peers failed."""
    load()
    globs = [*argv, *filter(None, [environ.get("TESTBRIDGE_TEST_ONLY")])] or ["*"]
    chosen = [m for m in MUTANTS.values() if any(fnmatch.fnmatchcase(m.name, g) for g in globs)]
    cases = load_cases(SUITES)
    report = conduct(
        prepare(chosen, cases, {"TEST_TIMEOUT": _TIMEOUT, **environ}), lambda result: None
    )
    if folder := environ.get("TEST_UNDECLARED_OUTPUTS_DIR"):
        write_reports(report, Path(folder))
    results = _by_mutant(report)
    wrong = [result for result in results[HONEST] if result.outcome in BAD]
    for result in wrong:
        print(f"the right peers: {result.permutation.name}: {result.reason}", file=out)
    verdicts = [judge(mutant, results[mutant.name]) for mutant in chosen]
    print("\n".join(verdict.text for verdict in verdicts), file=out)
    names = [case.name for case in cases]
    # Of some mutants nothing follows for the cases of others.
    lacking = unkilled(verdicts, names) if len(chosen) == len(MUTANTS) else ()
    for name in lacking:
        print(f"NO MUTANT {name}", file=out)
    if len(chosen) == len(MUTANTS):
        print(coverage(lacking, names), file=out)
    print(f"{score(verdicts)}, in {report.timeline.wall:.1f} s", file=out)
    caught = all(verdict.caught for verdict in verdicts)
    return 0 if chosen and caught and not (wrong or lacking) else 1


def _by_mutant(report: Report) -> Mapping[str, list[Result]]:
    results: defaultdict[str, list[Result]] = defaultdict(list)
    for result in report.results:
        cell = result.permutation.cell
        client = HONEST if cell.client == RUNNER else cell.client
        results[cell.server if client == HONEST else client].append(result)
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
