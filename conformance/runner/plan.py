"""Which permutations a run is made of, chosen before anything starts."""

import difflib
import itertools
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from conformance.runner.case import Case, Scope
from conformance.runner.config import Config, Profile
from conformance.runner.manifest import Implementation
from conformance.runner.pattern import Pattern, glob_matches
from conformance.runner.second import second_language
from conformance.runner.spread import Spread
from conformance.runner.way import Way

# So many names fit an error message.
_FEW: Final = 12

# The same choices in every run, unless another is asked for.
DEFAULT_SEED: Final = 1

# The client of permutations that the runner itself calls the server in.
RUNNER: Final = "runner"


class PlanError(ValueError):
    """Nothing can be planned from what was asked for; the text names it."""


class CellName(NamedTuple):
    """A client with a server under a config."""

    client: str
    server: str
    config: Config

    def __str__(self) -> str:
        return (
            f"client={self.client}/server={self.server}/security={self.config.security}"
            f"/key_type={self.config.key_type}"
        )


class Permutation(NamedTuple):
    """A cell x a case; its name is its whole identity."""

    cell: CellName
    case: Case
    # Language of the second client; empty where the case has none. It follows from the name and the
    # languages there are, whatever a run is narrowed to.
    second: str = ""

    @property
    def name(self) -> str:
        """`client=go/server=rust/security=mtls/key_type=p256/case=trade_fill_per_order`."""
        return f"{self.cell}/case={self.case.name}"

    @property
    def components(self) -> tuple[str, str, str, str, str]:
        """The parts of the name, as patterns match them."""
        cell = self.cell
        return cell.client, cell.server, cell.config.security, cell.config.key_type, self.case.name

    @property
    def company(self) -> str:
        """Who takes part that the name does not tell: `second client: rust`; empty for nobody."""
        if not self.second:
            return ""
        for role in ("server", "client"):
            if self.second == getattr(self.cell, role):
                stands_in = f"the {role}'s language, as there is no third"
                return f"second client: {self.second}, {stands_in}"
        return f"second client: {self.second}"


class Selection(NamedTuple):
    """What a run is narrowed to; each of a kind is one more that may match, none means any."""

    clients: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    securities: tuple[str, ...] = ()
    key_types: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    # Part of the name that a permutation must have; empty = any.
    text: str = ""
    suites: tuple[str, ...] = ()

    @property
    def whole_pairs(self) -> bool:
        """Whether it says nothing of cases and configs."""
        return self == Selection(self.clients, self.servers)


EVERYTHING: Final = Selection()


class Plan(NamedTuple):
    """The permutations of a run."""

    profile: str
    permutations: tuple[Permutation, ...]
    # Reason by language whose programs could not be built.
    missing: dict[str, str]
    # What the cases' random choices are made from.
    seed: int = DEFAULT_SEED
    # Languages and roles whose programs were brought along, and what they were given by.
    brought: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def floor(self) -> int:
        """How many permutations must be executed: all whose programs exist."""
        return sum(1 for permutation in self.permutations if not self.lacking(permutation))

    def lacking(self, permutation: Permutation) -> str:
        """Why a permutation cannot be run; empty where it can."""
        cell = permutation.cell
        for language in (cell.client, cell.server):
            if reason := self.missing.get(language):
                return f"{language}: {reason}"
        return ""


def make_plan(
    profile: Profile,
    implementations: Sequence[Implementation],
    cases: Sequence[Case],
    selection: Selection = EVERYTHING,
    others: Sequence[str] = (),
) -> Plan:
    """The permutations of a profile that a selection leaves, by cell, cases in order.

    Where the selection asks for more than whole pairs, what it asks for is run in every config: a
    profile spreads only what nobody has named. `others` are languages of the matrix that have no
    part in this run. PlanError where the plan is empty, or a part of the selection matches nothing.
    """
    chosen = [i for i in implementations if i.brought or _in_profile(i.language, profile)]
    languages = [i.language for i in chosen]
    chosen_cases = [case for case in cases if case.core or not profile.core_only]
    if len(chosen_cases) < profile.least_cases:
        raise PlanError(
            f"profile {profile.name}: expected at least {profile.least_cases} cases, "
            f"found {len(chosen_cases)}: a suite is missing"
        )
    _check(selection, languages, profile, chosen_cases)
    present = [i.language for i in chosen if _accompanies(i)]
    times = len(profile.configs)
    if profile.spread and selection.whole_pairs:
        times = profile.spread
    spread = Spread(times, profile.configs, [*languages, *others], chosen_cases)
    permutations = tuple(
        _accompanied(permutation, present)
        for permutation in _all(chosen, profile.configs, chosen_cases)
        if _selected(permutation, selection) and spread.runs(*permutation.cell, permutation.case)
    )
    if not permutations:
        raise PlanError(f"the plan is empty: nothing of profile {profile.name} is selected")
    missing = {i.language: i.missing for i in implementations if i.missing}
    brought = tuple((i.language, role) for i in implementations for role in i.brought)
    return Plan(profile.name, permutations, missing, brought=brought)


def _all(
    implementations: Sequence[Implementation], configs: Iterable[Config], cases: Sequence[Case]
) -> Iterable[Permutation]:
    by_scope = {scope: [case for case in cases if case.scope is scope] for scope in Scope}
    servers = [i.language for i in implementations if "server" in i.roles]
    clients = [i.language for i in implementations if "client" in i.roles]
    for config, server in itertools.product(configs, servers):
        for client in (*clients, RUNNER):
            cell = CellName(client, server, config)
            scope = Scope.SERVER if client == RUNNER else Scope.PAIR
            for case in by_scope[scope]:
                if case.fits(config):
                    yield Permutation(cell, case)


def _accompanies(implementation: Implementation) -> bool:
    """Whether a language's client can be the second one: only a session can do as cases ask."""
    there = "client" in implementation.roles and not implementation.missing
    return there and implementation.client_way is Way.SESSION


def _accompanied(permutation: Permutation, present: Sequence[str]) -> Permutation:
    if not permutation.case.second_client:
        return permutation
    cell = permutation.cell
    return permutation._replace(second=second_language(cell.client, cell.server, present))


def _in_profile(language: str, profile: Profile) -> bool:
    return profile.languages is None or language in profile.languages


def _selected(permutation: Permutation, selection: Selection) -> bool:
    globs = selection[:5]
    return (
        all(map(_any_glob, globs, permutation.components))
        and (
            not selection.patterns
            or any(p.matches(permutation.components) for p in selection.patterns)
        )
        and selection.text in permutation.name
        and _any_glob(selection.suites, permutation.case.suite)
    )


def _any_glob(globs: Sequence[str], name: str) -> bool:
    return not globs or any(glob_matches(glob, name) for glob in globs)


def _check(
    selection: Selection, languages: Sequence[str], profile: Profile, cases: Sequence[Case]
) -> None:
    """Names the first glob that matches nothing, with what there is."""
    domains: tuple[tuple[str, tuple[str, ...], list[str]], ...] = (
        ("client", selection.clients, [*languages, RUNNER]),
        ("server", selection.servers, [*languages]),
        ("security", selection.securities, [config.security for config in profile.configs]),
        ("key type", selection.key_types, [config.key_type for config in profile.configs]),
        ("case", selection.cases, [case.name for case in cases]),
        ("suite", selection.suites, [case.suite for case in cases]),
    )
    for kind, globs, names in domains:
        for glob in globs:
            if not any(glob_matches(glob, name) for name in names):
                known = _near(glob, sorted(set(names)))
                raise PlanError(f"no {kind} of profile {profile.name} matches {glob!r}: {known}")


def _near(glob: str, names: list[str]) -> str:
    """What there is, or of many the names that a misspelling may have meant."""
    if len(names) <= _FEW:
        return ", ".join(names)
    near = difflib.get_close_matches(glob, names, _FEW, 0.5)
    return f"of {len(names)}, near are {', '.join(near) or 'none'}; --dry-run prints all"
