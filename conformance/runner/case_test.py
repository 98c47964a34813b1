"""Declarations: the name is the function's, the suite its module's, and mistakes are refused."""

import re

import pytest

from conformance.runner.case import REGISTRY, Case, Registry, Scope, case
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT, Config, KeyType, Security
from conformance.runner.rpc import Rpc


async def nothing(_: Cell) -> None:
    """Does nothing."""


def test_the_decorator_registers() -> None:
    @case(covers=(Rpc.GET,), clause="none", deadline=2.0, core=True)
    async def declared_here(_: Cell) -> None:
        """Does nothing."""

    (found,) = [one for one in REGISTRY.cases() if one.function is declared_here]
    assert (found.name, found.deadline, found.core) == ("declared_here", 2.0, True)
    assert found.suite == __name__.rpartition(".")[2]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        (Case("Get", "s", nothing, (), "c"), "case s.Get: expected a lower snake case name"),
        (Case("get", "s", nothing, (), ""), "case s.get: expected the clause it checks"),
        (Case("get", "s", nothing, (), "c", ("gzip",)), "case s.get: unknown ability gzip, known"),
        (Case("taken", "s", nothing, (), "c"), "case s.taken: the name is taken by first.taken"),
        (
            Case("get", "s", nothing, (), "c", scope=Scope.SERVER, second_client=True),
            "case s.get: a second client needs a first one, not the runner",
        ),
        (
            Case("get", "s", nothing, (), "c", core=True, costly=True),
            "case s.get: what every cell or every server runs cannot be costly",
        ),
    ],
)
def test_mistakes_are_named(declared: Case, text: str) -> None:
    registry = Registry()
    registry.add(Case("taken", "first", nothing, (), "c"))
    with pytest.raises(ValueError, match=re.escape(text)):
        registry.add(declared)
    assert [one.name for one in registry.cases()] == ["taken"]


def test_a_case_fits_its_securities() -> None:
    tls_only = Case("get", "s", nothing, (), "c", securities=(Security.TLS,))
    assert tls_only.fits(Config(Security.TLS, KeyType.P256))
    assert not tls_only.fits(PLAINTEXT)
