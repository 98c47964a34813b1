"""Spreading: core cases run everywhere, others so often, and everybody meets everything."""

import itertools

from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT, Config, KeyType, Security, every_config
from conformance.runner.spread import Spread

LANGUAGES = ("go", "java", "python", "rust")
THREE = (PLAINTEXT, Config(Security.TLS, KeyType.P256), Config(Security.MTLS, KeyType.P256))
ALL = tuple(every_config())


async def nothing(_: Cell) -> None:
    """Does nothing."""


CORE = Case("get", "unary", nothing, (), "c", core=True)
OTHER = Case("put", "unary", nothing, (), "c")
TLS_ONLY = Case("name", "tls", nothing, (), "c", securities=(Security.TLS, Security.MTLS))
ALPN_ONLY = Case("alpn", "tls", nothing, (), "c", securities=(Security.TLS,))
COSTLY = Case("many", "unary", nothing, (), "c", costly=True)
CASES = (CORE, OTHER, TLS_ONLY, ALPN_ONLY)
EIGHT = ("cpp", "csharp", "go", "java", "node", "python", "ruby", "rust")


def configs_of(spread: Spread, client: str, server: str, case: Case) -> list[Config]:
    """Where a pair runs a case, of all configs."""
    return [c for c in ALL if c in THREE and case.fits(c) and spread.runs(client, server, c, case)]


def test_a_core_case_is_run_in_all_configs_and_another_in_one() -> None:
    spread = Spread(1, THREE, LANGUAGES, CASES)
    for client, server in itertools.product((*LANGUAGES, "runner"), LANGUAGES):
        counts = [len(configs_of(spread, client, server, case)) for case in CASES]
        assert counts == [3, 1, 1, 1]


def test_every_end_meets_every_case_in_every_config() -> None:
    spread = Spread(1, THREE, LANGUAGES, CASES)
    for one in LANGUAGES:
        as_client = {c for server in LANGUAGES for c in configs_of(spread, one, server, OTHER)}
        as_server = {c for client in LANGUAGES for c in configs_of(spread, client, one, OTHER)}
        assert as_client == as_server == set(THREE)


def test_every_end_meets_a_costly_case_twice_and_not_in_one_config() -> None:
    spread = Spread(1, THREE, EIGHT, [COSTLY])
    for one in EIGHT:
        as_client = [c for server in EIGHT for c in configs_of(spread, one, server, COSTLY)]
        as_server = [c for client in EIGHT for c in configs_of(spread, client, one, COSTLY)]
        assert [len(as_client), len({*as_client}), len({*as_server}), len(as_server)] == [2] * 4


def test_three_languages_run_what_is_costly_in_all_pairs() -> None:
    spread = Spread(1, THREE, LANGUAGES[:3], [COSTLY])
    for client, server in itertools.product(LANGUAGES[:3], LANGUAGES[:3]):
        assert len(configs_of(spread, client, server, COSTLY)) == 1


def test_the_choice_depends_on_the_matrix_and_not_on_what_is_run() -> None:
    whole = Spread(1, THREE, LANGUAGES, CASES)
    again = Spread(1, THREE, tuple(reversed(LANGUAGES)), (OTHER,))
    for client, server in itertools.product(LANGUAGES, LANGUAGES):
        assert configs_of(whole, client, server, OTHER) == configs_of(again, client, server, OTHER)


def test_several_times_are_far_apart() -> None:
    spread = Spread(3, ALL, LANGUAGES, CASES)
    for client, server in itertools.product(LANGUAGES, LANGUAGES):
        runs = [c for c in ALL if spread.runs(client, server, c, OTHER)]
        assert len(runs) == 3
        assert len({config.key_type for config in runs}) > 1
        assert len([c for c in ALL if spread.runs(client, server, c, CORE)]) == 11
