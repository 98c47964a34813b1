"""Plans: what a profile and a selection leave, and that nothing or a misspelling is an error."""

from pathlib import Path

import pytest

from conformance.runner.case import Case, Scope
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT, Config, KeyType, Profile, Security, every_config
from conformance.runner.manifest import Implementation
from conformance.runner.pattern import parse
from conformance.runner.plan import EVERYTHING, PlanError, Selection, make_plan
from conformance.runner.way import Way

GO = Implementation("go", ("s",), ("c",), Path("k"))
RUST = Implementation("rust", (), (), None, "no cargo on PATH")
MTLS = Config(Security.MTLS, KeyType.P256)
PROFILE = Profile("standard", (PLAINTEXT, MTLS))


async def nothing(_: Cell) -> None:
    """Does nothing."""


CASES = [
    Case("get", "unary", nothing, (), "c", core=True),
    Case("identity", "tls", nothing, (), "c", securities=(Security.MTLS,)),
    Case("health", "admin", nothing, (), "c", scope=Scope.SERVER),
]


def names(selection: Selection = EVERYTHING, profile: Profile = PROFILE) -> list[str]:
    """What is planned for Go and Rust."""
    plan = make_plan(profile, [GO, RUST], CASES, selection)
    return [permutation.name for permutation in plan.permutations]


def test_every_pair_and_every_server_once() -> None:
    planned = names()
    # Two configs: each four pairs with get, in mTLS identity too, and health for each server.
    assert len(planned) == len(set(planned)) == 4 + 8 + 4
    assert planned[0] == "client=go/server=go/security=plaintext/key_type=none/case=get"
    assert "client=runner/server=rust/security=mtls/key_type=p256/case=health" in planned
    assert "client=go/server=go/security=plaintext/key_type=none/case=identity" not in planned


def test_missing_programs_lower_the_floor() -> None:
    plan = make_plan(PROFILE, [GO, RUST], CASES)
    lacking = [p for p in plan.permutations if plan.lacking(p)]
    assert plan.floor == len(plan.permutations) - len(lacking) == 5
    assert plan.lacking(lacking[0]) == "rust: no cargo on PATH"


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        (Selection(clients=("go",)), 6),
        (Selection(clients=("go", "runner"), servers=("r*",)), 5),
        (Selection(securities=("plaintext",)), 6),
        (Selection(key_types=("p256",), cases=("get",)), 4),
        (Selection(patterns=(parse("client=go/case=identity"),)), 2),
        (Selection(text="server=rust/security=mtls"), 5),
        (Selection(suites=("tls", "adm*")), 8),
    ],
)
def test_selections(selection: Selection, count: int) -> None:
    assert len(names(selection)) == count


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        (Selection(clients=("perl",)), "no client of profile standard matches 'perl': go, runner"),
        (Selection(servers=("go", "x")), "no server of profile standard matches 'x': go, rust"),
        (Selection(securities=("ssl",)), "no security .* matches 'ssl': mtls, plaintext"),
        (Selection(key_types=("p521",)), "no key type .* matches 'p521': none, p256"),
        (Selection(cases=("Get",)), "no case .* matches 'Get': get, health, identity"),
        (Selection(suites=("Tls",)), "no suite .* matches 'Tls': admin, tls, unary"),
        (Selection(text="nowhere"), "the plan is empty"),
        (Selection(clients=("runner",), cases=("get",)), "the plan is empty"),
    ],
)
def test_what_matches_nothing_is_named(selection: Selection, text: str) -> None:
    with pytest.raises(PlanError, match=text):
        names(selection)


def test_a_second_client_is_of_a_third_language_whatever_is_selected() -> None:
    both = Case("both", "s", nothing, (), "c", second_client=True)
    three = [Implementation(language, (), (), None) for language in ("a", "b", "c")]
    plan = make_plan(Profile("standard", (PLAINTEXT,)), [*three, RUST], [*CASES, both])
    seconds = {(p.cell.client, p.cell.server): p.second for p in plan.permutations if p.second}
    assert len(seconds) == 16
    assert (seconds["a", "b"], seconds["b", "a"], seconds["b", "c"]) == ("c", "c", "a")
    assert all(second in {"a", "b", "c"} for second in seconds.values())
    narrowed = Selection(clients=("b",), servers=("c",), cases=("both",))
    (one,) = make_plan(Profile("s", (PLAINTEXT,)), three, [both], narrowed).permutations
    assert (one.second, one.company) == ("a", "second client: a")
    (pair,) = make_plan(Profile("s", (PLAINTEXT,)), three[1:], [both], narrowed).permutations
    assert pair.company == "second client: c, the server's language, as there is no third"
    assert make_plan(PROFILE, [GO], CASES).permutations[0].company == ""


def test_what_was_brought_along_stands_where_it_has_programs() -> None:
    client = Implementation("c", (), (), None, roles=("client",), brought=("client",))
    server = Implementation("s", (), (), None, roles=("server",), brought=("server",))
    mute = client._replace(language="mute", client_way=Way.FLAGS)
    both = Case("both", "s", nothing, (), "c", second_client=True)
    profile = Profile("standard", (PLAINTEXT,), languages=frozenset({"go"}))
    plan = make_plan(profile, [GO, RUST, client, server, mute], [both])
    pairs = {(p.cell.client, p.cell.server): p for p in plan.permutations}
    assert pairs.keys() == {
        (client, server) for client in ("go", "c", "mute") for server in ("go", "s")
    }
    # Without a session nobody can be the second.
    assert {p.second for p in plan.permutations} == {"go", "c"}
    assert plan.brought == (("c", "client"), ("s", "server"), ("mute", "client"))
    assert pairs["c", "s"].second == "go"
    [alone] = make_plan(profile, [client, server], [both]).permutations
    assert alone.company == "second client: c, the client's language, as there is no third"


def test_of_many_names_only_the_near_are_told() -> None:
    many = [Case(f"case_{n:02}", "s", nothing, (), "c") for n in range(30)]
    with pytest.raises(PlanError, match=r"of 30, near are .*case_07.*; --dry-run prints all"):
        make_plan(PROFILE, [GO], many, Selection(cases=("case_7",)))


def test_a_profile_chooses() -> None:
    assert len(names(profile=PROFILE._replace(core_only=True))) == 8
    assert len(names(profile=PROFILE._replace(languages=frozenset({"go"})))) == 5
    with pytest.raises(PlanError, match="at least 4 cases, found 3: a suite is missing"):
        names(profile=PROFILE._replace(least_cases=4))


def test_a_profile_spreads_what_is_not_core_and_nobody_has_named() -> None:
    put = Case("put", "unary", nothing, (), "c")
    spread = PROFILE._replace(spread=1)

    def planned(selection: Selection) -> int:
        return len(make_plan(spread, [GO, RUST], [*CASES, put], selection).permutations)

    # Of the four in two configs: get 8, identity 4, of put each pair one, of health each server.
    assert planned(EVERYTHING) == 8 + 4 + 4 + 2
    assert planned(Selection(clients=("go",))) == 4 + 2 + 2
    for asked in (
        {"cases": ("*",)},
        {"suites": ("*",)},
        {"securities": ("*",)},
        {"text": "client"},
    ):
        assert planned(Selection(**asked)) == 8 + 4 + 8 + 4


def test_every_config_is_eleven() -> None:
    configs = list(every_config())
    assert len(configs) == len(set(configs)) == 11
    assert configs[0] == PLAINTEXT
