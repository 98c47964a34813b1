"""Tests of cases that are declared once for each shape."""

import pytest

from conformance.runner.case import REGISTRY
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc, Shape
from conformance.stock.shapes import STREAMS, case_per_shape


async def test_a_case_is_declared_for_each_shape_with_its_method() -> None:
    seen = []

    @case_per_shape(*STREAMS, clause="none", core=True)
    async def shaped(cell: Cell, shape: Shape) -> None:
        """What it checks."""
        seen.append(shape)

    declared = [case for case in REGISTRY.cases() if case.name.startswith("shaped_")]
    assert [(case.name, case.covers) for case in declared] == [
        ("shaped_server_stream", (Rpc.MONITOR,)),
        ("shaped_client_stream", (Rpc.BATCH,)),
        ("shaped_bidi_stream", (Rpc.TRADE,)),
    ]
    assert {(case.suite, case.function.__doc__) for case in declared} == {
        ("shapes_test", "What it checks.")
    }
    for case in declared:
        await case.function(None)  # type: ignore[arg-type]  # it does not look at it
    assert seen == list(STREAMS)


def test_without_shapes_a_case_is_declared_for_all() -> None:
    @case_per_shape(clause="none")
    async def everywhere(cell: Cell, shape: Shape) -> None:
        pytest.fail("only declared")

    names = [case.name for case in REGISTRY.cases() if case.name.startswith("everywhere_")]
    assert names == [f"everywhere_{shape.value}" for shape in Shape]
