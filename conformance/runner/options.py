"""The runner's command line: what is run and where the reports go."""

import argparse
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from conformance.runner.pattern import Pattern, PatternError, parse
from conformance.runner.plan import DEFAULT_SEED, Selection


class Options(NamedTuple):
    """What the command line and Bazel's environment ask for."""

    profile: str
    # Runfiles path of the manifest.
    manifest: str
    selection: Selection
    dry_run: bool
    # Folders that the reports are written to.
    reports: tuple[Path, ...]
    require_all: bool
    # Seconds for the run, its end and the reports excepted.
    budget: float = 280.0
    seed: int = DEFAULT_SEED
    # What `--implementation` gave, and the folder that its paths are relative to.
    brought: tuple[str, ...] = ()
    folder: Path = Path()


# The manifest of all languages.
MANIFEST: Final = "_main/conformance/manifest.json"

# Of Bazel's timeout, seconds kept back for ending the programs and writing the reports.
_KEPT_BACK = 20.0


def parse_options(
    argv: Sequence[str], environ: Mapping[str, str], profiles: Sequence[str]
) -> Options:
    """Reads arguments (without the program's name); SystemExit 2 naming what is wrong.

    Bazel's `--test_filter` (a pattern over permutation names, or a glob over cases) is one more
    condition, its folder for undeclared outputs one more place for the reports, and its timeout
    bounds the run. `STOCK_REQUIRE` stands for `--require` where that is not given.
    """
    parser = _parser(profiles)
    given = parser.parse_args(argv)
    patterns, cases = [], list(given.case)
    if test_filter := environ.get("TESTBRIDGE_TEST_ONLY"):
        if "=" in test_filter:
            patterns.append(_pattern(parser, test_filter))
        else:
            cases.append(test_filter)
    selection = Selection(
        clients=tuple(given.client),
        servers=tuple(given.server),
        securities=tuple(given.security),
        key_types=tuple(given.key_type),
        cases=tuple(cases),
        patterns=tuple(patterns),
        text=given.k,
        suites=tuple(given.suite),
    )
    undeclared = environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
    reports = [Path(folder) for folder in (given.report, undeclared) if folder]
    return Options(
        profile=given.profile,
        manifest=given.manifest,
        selection=selection,
        dry_run=given.dry_run,
        reports=tuple(reports),
        require_all=(given.require or environ.get("STOCK_REQUIRE")) == "all",
        budget=max(1.0, float(environ.get("TEST_TIMEOUT", 300)) - _KEPT_BACK),
        seed=given.seed,
        brought=tuple(given.implementation),
        folder=Path(environ.get("BUILD_WORKING_DIRECTORY", "")),
    )


def _parser(profiles: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="matrix",
        description="Runs the conformance matrix: every client against every server.",
        epilog="Globs may be repeated; a permutation is run if one of each kind matches.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--profile", choices=profiles, default="standard", help="which permutations there are")
    add("--manifest", default=MANIFEST, metavar="PATH", help="runfiles path of the manifest")
    add(
        "--implementation",
        action="append",
        default=[],
        metavar="NAME=SERVER,CLIENT",
        help="bring programs along from elsewhere, or one of them; also NAME.server-arg=ARG, "
        "NAME.client-arg=ARG, NAME.known-failing=FILE",
    )
    for name in ("case", "suite", "client", "server", "security", "key-type"):
        add(f"--{name}", action="append", default=[], metavar="GLOB", help=f"only such a {name}")
    add("-k", default="", metavar="TEXT", help="only permutations whose name contains TEXT")
    add("--dry-run", action="store_true", help="print the plan and end")
    add(
        "--report",
        metavar="DIR",
        help="write results.json, report.html, junit.xml, summary.md and logs there",
    )
    add("--seed", type=int, default=DEFAULT_SEED, metavar="N", help="of the cases' random choices")
    add("--require", choices=["all"], help="all: an implementation that cannot run is a failure")
    return parser


def _pattern(parser: argparse.ArgumentParser, text: str) -> Pattern:
    try:
        return parse(text)
    except PatternError as error:
        parser.error(f"--test_filter {shlex.quote(text)}: {error}")
