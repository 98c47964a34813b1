"""Tests of the profiles over the declared cases: a suite or a clause that got lost is noticed here."""

import importlib

import pytest

from conformance.runner.case import ABILITIES, REGISTRY, Case
from conformance.runner.config import PLAINTEXT, Config, KeyType, Security
from conformance.runner.plan import CellName
from conformance.runner.rpc import Rpc
from conformance.stock.matrix_config import PROFILES, SUITES, cell_id


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    for suite in SUITES:
        importlib.import_module(suite)
    modules = {suite.rpartition(".")[2] for suite in SUITES}
    return [case for case in REGISTRY.cases() if case.suite in modules]


def test_every_suite_has_cases_and_core_cases(cases: list[Case]) -> None:
    for suite in SUITES:
        mine = [case for case in cases if case.suite == suite.rpartition(".")[2]]
        assert mine, suite
        assert any(case.core for case in mine), suite


def test_a_case_s_name_begins_with_a_word_of_its_suite(cases: list[Case]) -> None:
    words = {
        "admin": ("health", "reflection", "status"),
        "deadline_and_cancel": ("deadline", "cancel"),
        "refusals": ("refuses",),
    }
    for case in cases:
        assert case.name.startswith(words.get(case.suite, (case.suite,))), case.name


def test_every_case_says_in_a_sentence_what_it_checks(cases: list[Case]) -> None:
    for case in cases:
        assert (case.function.__doc__ or "").split("\n")[0].endswith((".", ",")), case.name


def test_every_method_is_covered(cases: list[Case]) -> None:
    assert {rpc for case in cases for rpc in case.covers} == set(Rpc)


def test_every_ability_is_relied_on(cases: list[Case]) -> None:
    relied_on = {ability for case in cases for ability in case.relies_on}
    assert relied_on == set(ABILITIES)  # what no case relies on is claimed in vain


def test_every_ability_decides_a_case_of_its_program(cases: list[Case]) -> None:
    # A false denial could hide behind another ability that the same program denies.
    alone = {
        ability
        for case in cases
        for ability in case.relies_on
        if [ABILITIES[other] for other in case.relies_on].count(ABILITIES[ability]) == 1
    }
    assert alone == set(ABILITIES)


def test_the_profiles_find_as_many_cases_as_they_demand(cases: list[Case]) -> None:
    for profile in PROFILES.values():
        found = [case for case in cases if case.core or not profile.core_only]
        assert len(found) >= profile.least_cases, profile.name
        # Few enough that no suite could be lost unnoticed.
        assert len(found) <= 1.2 * profile.least_cases, profile.name


def test_no_case_asks_for_more_streams_than_a_connection_has(cases: list[Case]) -> None:
    assert max(case.streams for case in cases) <= 80


def test_waiting_is_well_within_the_deadline(cases: list[Case]) -> None:
    for case in cases:
        assert case.waits <= case.deadline / 5, case.name


def test_cells_have_ids_for_pytest() -> None:
    mtls = Config(Security.MTLS, KeyType.P256)
    assert cell_id(CellName("go", "python", mtls)) == "go-python-mtls-p256"
    assert cell_id(CellName("go", "python", PLAINTEXT)) == "go-python-plaintext"
