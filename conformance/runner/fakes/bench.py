"""Runs the engine over fake peers, for the tests of the runner."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NoReturn

from conformance.runner.admission import DEFAULT_LIMITS, Limits
from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT, Config, Profile
from conformance.runner.engine import Engine, Run
from conformance.runner.fakes import peer
from conformance.runner.identities import Identities
from conformance.runner.known_failing import Entry
from conformance.runner.manifest import Implementation
from conformance.runner.outcome import Outcome
from conformance.runner.plan import EVERYTHING, Plan, Selection, make_plan
from conformance.runner.process import Guard, environment
from conformance.runner.rpc import Rpc
from conformance.runner.supervisor import Tools


def command(role: str, language: str, *behaviours: str) -> tuple[str, ...]:
    """The command line of a fake peer."""
    return (sys.executable, str(Path(peer.__file__)), role, language, *behaviours)


def implementation(
    language: str, server: Sequence[str] = (), client: Sequence[str] = ()
) -> Implementation:
    """Two fake peers as a language, with their behaviours."""
    return Implementation(
        language, command("server", language, *server), command("client", language, *client), None
    )


def fake_case(
    function: Callable[[Cell], Awaitable[None]], name: str = "", **declaration: object
) -> Case:
    """A case that is not in the registry."""
    name = name or getattr(function, "__name__", "nameless")
    return Case(name, "fake", function, (Rpc.GET,), "none", **declaration)  # type: ignore[arg-type]


def getting(key: str, **declaration: object) -> Case:
    """A case named for a key, which gets it and expects to find its name there."""

    async def get(cell: Cell) -> None:
        (response,) = await cell.get(key).ok()
        assert response.value == key.encode(), response.value

    return fake_case(get, f"get_{key}", **declaration)


def plan(
    implementations: Sequence[Implementation],
    cases: Sequence[Case],
    configs: Sequence[Config] = (PLAINTEXT,),
    selection: Selection = EVERYTHING,
) -> Plan:
    """A plan of a profile made for the test."""
    profile = Profile("standard", tuple(configs))
    return make_plan(profile, implementations, cases, selection)


def run(  # noqa: PLR0913 - each is one thing that a test varies
    logs: Path,
    implementations: Sequence[Implementation],
    cases: Sequence[Case],
    *,
    configs: Sequence[Config] = (PLAINTEXT,),
    known: Sequence[Entry] = (),
    limits: Limits = DEFAULT_LIMITS,
    selection: Selection = EVERYTHING,
    made: Callable[[Engine], None] = lambda _: None,
) -> Run:
    """Runs cases over fake peers to the end; `made` is given the engine before."""

    async def conduct() -> Run:
        with contextlib.closing(Guard()) as guard:
            starts = asyncio.Semaphore(limits.starts)
            tools = Tools(guard, Identities(_no_mint), environment({}), logs, starts)
            planned = plan(implementations, cases, configs, selection)
            engine = Engine(planned, implementations, known, tools, limits)
            made(engine)
            return await engine.run(lambda _: None)

    return asyncio.run(conduct())


def outcomes(of: Run) -> dict[str, Outcome]:
    """Outcome by case."""
    return {result.permutation.case.name: result.outcome for result in of.results}


def reasons(of: Run) -> dict[str, str]:
    """Reason by case."""
    return {result.permutation.case.name: result.reason for result in of.results}


def _no_mint(key_type: str) -> NoReturn:
    raise AssertionError(f"no test mints a {key_type}")
