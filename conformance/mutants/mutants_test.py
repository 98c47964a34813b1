"""Runs the cases against mutants: each must be caught, at the rule it breaks and nowhere else.

A program rather than pytest, as all of it is one run; `--test_filter` or an argument chooses mutants.
"""

import fnmatch
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from conformance.mutants.mutant import MUTANTS
from conformance.mutants.program import load
from conformance.mutants.run import HONEST, prepare
from conformance.mutants.score import judge, score
from conformance.runner.outcome import BAD, Result
from conformance.runner.plan import RUNNER
from conformance.runner.report import Report
from conformance.runner.run import conduct, load_cases, write_reports
from conformance.stock.matrix_config import SUITES


def main(argv: Sequence[str], environ: Mapping[str, str], out: TextIO) -> int:
    """0 where every mutant was caught; 1 otherwise, also where the right peers failed."""
    load()
    globs = [*argv, *filter(None, [environ.get("TESTBRIDGE_TEST_ONLY")])] or ["*"]
    chosen = [m for m in MUTANTS.values() if any(fnmatch.fnmatchcase(m.name, g) for g in globs)]
    report = conduct(prepare(chosen, load_cases(SUITES), {**environ}), lambda result: None)
    if folder := environ.get("TEST_UNDECLARED_OUTPUTS_DIR"):
        write_reports(report, Path(folder))
    results = _by_mutant(report)
    wrong = [result for result in results[HONEST] if result.outcome in BAD]
    for result in wrong:
        print(f"the right peers: {result.permutation.name}: {result.reason}", file=out)
    verdicts = [judge(mutant, results[mutant.name]) for mutant in chosen]
    print("\n".join(verdict.text for verdict in verdicts), file=out)
    print(f"{score(verdicts)}, in {report.timeline.wall:.1f} s", file=out)
    return 0 if chosen and not wrong and all(verdict.caught for verdict in verdicts) else 1


def _by_mutant(report: Report) -> Mapping[str, list[Result]]:
    results: defaultdict[str, list[Result]] = defaultdict(list)
    for result in report.results:
        cell = result.permutation.cell
        client = HONEST if cell.client == RUNNER else cell.client
        results[cell.server if client == HONEST else client].append(result)
    return results


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
