"""Runs the cases against every mutant, all at once, with the right Python at the other end."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from runfiles import Runfiles

from conformance.mutants.mutant import Mutant, Role
from conformance.runner import known_failing
from conformance.runner.admission import Limits
from conformance.runner.case import Case, Scope
from conformance.runner.config import PLAINTEXT, Config
from conformance.runner.manifest import Implementation
from conformance.runner.options import parse_options
from conformance.runner.plan import RUNNER, CellName, Permutation, Plan
from conformance.runner.run import Prepared

HONEST: Final = "python"

# A mutant may make a case wait for what never comes; with the right peer none takes half as long.
_DEADLINE: Final = 15.0
# Most permutations need the one right client: more of them in flight would only wait for it.
_LIMITS: Final = Limits(starts=3, busy=12, waiting=24)


def prepare(
    mutants: Iterable[Mutant], cases: Sequence[Case], environ: Mapping[str, str]
) -> Prepared:
    """The run: each mutant with the right peer, and the right peers among themselves."""
    runfiles = Runfiles.Create()
    assert runfiles is not None, "started by Bazel, which makes runfiles"
    environment = runfiles.EnvVars()
    mutants = tuple(mutants)
    permutations = [*_baseline(cases, {PLAINTEXT, *(mutant.config for mutant in mutants)})]
    for mutant in mutants:
        permutations += _permutations(mutant, cases)
    return Prepared(
        options=parse_options(["--manifest=none"], environ, ["standard"]),
        plan=Plan("mutants", tuple(permutations), missing={}),
        implementations=(_honest(runfiles), *(_mutated(mutant, runfiles) for mutant in mutants)),
        known=known_failing.read(
            HONEST, Path(_located(runfiles, "_main/python/known_failing.toml"))
        ),
        stale=(),
        environment=environment,
        limits=_LIMITS,
    )


def _baseline(cases: Sequence[Case], configs: Iterable[Config]) -> Iterator[Permutation]:
    for config in configs:
        yield from _cells(HONEST, HONEST, config, cases)


def _permutations(mutant: Mutant, cases: Sequence[Case]) -> Iterator[Permutation]:
    client, server = (HONEST, mutant.name) if mutant.role is Role.SERVER else (mutant.name, HONEST)
    chosen = [
        dataclasses.replace(case, deadline=min(case.deadline, _DEADLINE * (2 if case.bulk else 1)))
        for case in _worthwhile(mutant, cases)
    ]
    for permutation in _cells(client, server, mutant.config, chosen):
        if mutant.role is Role.SERVER or permutation.cell.client != RUNNER:
            yield permutation


def _worthwhile(mutant: Mutant, cases: Sequence[Case]) -> Iterator[Case]:
    """All cases of the suites that must catch the mutant, of the others the core.

    Of those only what one client can find: with a second one it is a cell more to connect.
    """
    suites = {case.suite for case in cases if not mutant.strays([case.name])}
    for case in cases:
        if case.suite in suites or (case.core and not case.second_client):
            yield case


def _cells(
    client: str, server: str, config: Config, cases: Sequence[Case]
) -> Iterator[Permutation]:
    for case in cases:
        if case.fits(config):
            caller = RUNNER if case.scope is Scope.SERVER else client
            # The right client is there anyway.
            second = HONEST if case.second_client else ""
            yield Permutation(CellName(caller, server, config), case, second)


def _honest(runfiles: Runfiles) -> Implementation:
    server, client = (_located(runfiles, f"_main/python/stock_{role}") for role in Role)
    return Implementation(HONEST, (server, "--session"), (client, "--session"), None)


def _mutated(mutant: Mutant, runfiles: Runfiles) -> Implementation:
    program = _located(runfiles, "_main/conformance/mutants/program")
    server, client = (
        (program, "--mutant", mutant.name, "--role", role.value, "--session") for role in Role
    )
    return Implementation(mutant.name, server, client, None)


def _located(runfiles: Runfiles, path: str) -> str:
    located = runfiles.Rlocation(path)
    if located is None:
        raise FileNotFoundError(f"no program at the runfiles path {path}")
    return located
