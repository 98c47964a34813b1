"""A matrix as a program: plans, runs, reports; exit 0 only where everything asked for passed."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from conformance.runner.brought import BroughtError
from conformance.runner.config import Profile
from conformance.runner.junit import junit
from conformance.runner.known_failing import KnownFailingError
from conformance.runner.manifest import ManifestError
from conformance.runner.options import Options, parse_options
from conformance.runner.plan import PlanError
from conformance.runner.report import Report
from conformance.runner.run import Prepared, conduct, findings, load_cases, prepare, write_reports
from conformance.runner.terminal import open_display, summary
from conformance.runner.timeline import process_age
from conformance.runner.way import Way

_MANNERS: Final = {
    Way.SESSION: "driven by its session",
    Way.CONFORMANCE: "driven by its flags, with directives; what needs more will be not_run",
    Way.FLAGS: "driven by its flags; what needs more will be not_run",
}


class Matrix(NamedTuple):
    """What a matrix is made of."""

    profiles: Mapping[str, Profile]
    # Modules of the cases.
    suites: Sequence[str]


def main(matrix: Matrix, argv: Sequence[str], environ: Mapping[str, str], out: TextIO) -> int:
    """Runs a matrix. 0: passed; 1: failed; 2: nothing could be run of what was asked for."""
    options = parse_options(argv, environ, [*matrix.profiles])
    profile = matrix.profiles[options.profile]
    try:
        prepared = prepare(options, profile, load_cases(matrix.suites))
    except (ManifestError, BroughtError, KnownFailingError, PlanError) as error:
        print(f"matrix: {error}", file=sys.stderr)
        return 2
    if options.dry_run:
        _print_plan(prepared, out)
        return 0
    report = _run(options, prepared._replace(loading=process_age()), out)
    for folder in options.reports:
        write_reports(report, folder)
    if junit_path := environ.get("XML_OUTPUT_FILE"):
        Path(junit_path).write_bytes(junit(report))
    print("\n".join(summary(report, findings(report))), file=out)
    return 1 if report.complaints() else 0


def _run(options: Options, prepared: Prepared, out: TextIO) -> Report:
    logs = options.reports[0] / "logs" if options.reports else None
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
    display = open_display(prepared.plan, out)
    try:
        return conduct(prepared, display.result, logs)
    finally:
        display.close()


def _print_plan(prepared: Prepared, out: TextIO) -> None:
    for permutation in prepared.plan.permutations:
        lacking = prepared.plan.lacking(permutation)
        told = (permutation.company, f"not_run ({lacking})" if lacking else "")
        print("  ".join((permutation.name, *filter(None, told))), file=out)
    for one in prepared.implementations:
        for role in one.brought:
            print(f"{one.language} {role}: {_MANNERS[one.drive(role).way]}", file=out)
    print(f"{len(prepared.plan.permutations)} permutations, {prepared.plan.floor} to run", file=out)
