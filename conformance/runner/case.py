"""Declares conformance cases: one async function each, registered under a globally unique name."""

import enum
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

from conformance.runner.config import Config, Security
from conformance.runner.rpc import Rpc

if TYPE_CHECKING:
    from conformance.runner.cell import Cell

CaseFunction = Callable[["Cell"], Awaitable[None]]

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

# Optional abilities a case can rely on, and whose they are (docs/reference/session.md).
ABILITIES: Final = {
    "gzip_request": "client",
    "wait_for_ready": "client",
    "gzip_response": "server",
    "reflection_v1": "server",
    "reflection_v1alpha": "server",
    "observe_peer": "server",
    "observe_tls": "server",
    "observe_encoding": "server",
}


# Seconds; a slow program on a loaded machine needs a millisecond and more for a message.
BULK_DEADLINE: Final = 60.0


class Scope(enum.Enum):
    """What a case is run for."""

    # Every client with every server.
    PAIR = "pair"
    # Every server, by the runner's own client: the permutation's client is `runner`.
    SERVER = "server"


class Declaration(TypedDict, total=False):
    """What the decorator is told of a case; `covers` and `clause` are needed."""

    # Methods the case calls.
    covers: tuple[Rpc, ...]
    # The rule it checks: section of the service description, gRPC document, RFC.
    clause: str
    # Abilities without which it cannot pass; where one is not claimed the case is a probe.
    relies_on: tuple[str, ...]
    # Seconds from its start until it counts as timed out.
    deadline: float
    # Whether the quick profile has it.
    core: bool
    scope: Scope
    # Securities it makes sense for; by default all.
    securities: Collection[Security]
    # Seconds it spends waiting on purpose; such cases start first and run beside everything else.
    waits: float
    # Most calls it has open at once on a client's shared channel; two where it does not say.
    streams: int
    # Whether it moves a thousand messages or more: few of such are in flight at once, for they keep
    # programs busy, and their deadline is longer where it does not say.
    bulk: bool
    # Whether it costs ten times what others do: not every pair runs it where a profile spreads cases.
    # What is bulk is.
    costly: bool
    # Whether it needs `cell.second`: a third language's client, with a channel of its own.
    second_client: bool


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One named behaviour."""

    name: str
    suite: str
    function: CaseFunction
    covers: tuple[Rpc, ...]
    clause: str
    relies_on: tuple[str, ...] = ()
    # Green runs never wait for it; it is long for the sake of a loaded machine.
    deadline: float = 30.0
    core: bool = False
    scope: Scope = Scope.PAIR
    securities: Collection[Security] = tuple(Security)
    waits: float = 0.0
    streams: int = 2
    bulk: bool = False
    costly: bool = False
    second_client: bool = False

    def fits(self, config: Config) -> bool:
        """Whether the case makes sense for a config."""
        return config.security in self.securities


class Registry:
    """The declared cases, in the order of their declaration."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

    def add(self, declared: Case) -> None:
        """Takes a case in; ValueError where its declaration is wrong or its name taken."""
        name = f"{declared.suite}.{declared.name}"
        if not _NAME.fullmatch(declared.name):
            raise ValueError(f"case {name}: expected a lower snake case name")
        if not declared.clause:
            raise ValueError(f"case {name}: expected the clause it checks")
        if unknown := [ability for ability in declared.relies_on if ability not in ABILITIES]:
            raise ValueError(f"case {name}: unknown ability {unknown[0]}, known: {[*ABILITIES]}")
        if declared.second_client and declared.scope is not Scope.PAIR:
            raise ValueError(f"case {name}: a second client needs a first one, not the runner")
        if declared.costly and (declared.core or declared.scope is not Scope.PAIR):
            raise ValueError(f"case {name}: what every cell or every server runs cannot be costly")
        if other := self._cases.get(declared.name):
            raise ValueError(f"case {name}: the name is taken by {other.suite}.{other.name}")
        self._cases[declared.name] = declared

    def cases(self) -> tuple[Case, ...]:
        """All declared cases."""
        return tuple(self._cases.values())


REGISTRY: Final = Registry()


def case(**declaration: Unpack[Declaration]) -> Callable[[CaseFunction], CaseFunction]:
    """Declares the decorated function as a case of the suite its module is named for."""
    if declaration.get("bulk"):
        declaration.setdefault("deadline", BULK_DEADLINE)
        declaration["costly"] = True

    def declare(function: CaseFunction) -> CaseFunction:
        suite = function.__module__.rpartition(".")[2]
        REGISTRY.add(Case(function.__name__, suite, function, **declaration))
        return function

    return declare
