"""Lets clients work on a store at random, takes down what they saw, and holds it to one order."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.cell import Cell
from conformance.runner.expect import Mismatch
from conformance.runner.status_code import Code
from conformance.stock.history import NOT_FOUND, Answer, Method, Operation, Totals, table
from conformance.stock.shrink import counterexample
from proto import stock_pb2

# Of each client, so that calls on one connection meet too.
WORKERS: Final = 2
# One call in so many is cancelled as soon as it is sent: what became of it is anyone's guess.
_CANCELLED: Final = 16


class Step(NamedTuple):
    """One call that a worker is to make."""

    method: Method
    key: str
    value: bytes
    cancel: bool


def steps(
    chance: random.Random, methods: Mapping[Method, int], keys: Sequence[str], count: int
) -> list[list[Step]]:
    """What each worker of both clients does, `count` calls each; methods by how often they come.

    No two values are the same, and none has the length of many others.
    """
    values = iter(chance.sample(range(10**5), 2 * WORKERS * count))

    def step() -> Step:
        [method] = chance.choices([*methods], [*methods.values()])
        key = "" if method is Method.INVENTORY else chance.choice(keys)
        number = next(values)
        value = f"{number:x}".encode() * (1 + number % 7) if method is Method.PUT else b""
        changes = method in {Method.PUT, Method.DELETE}
        return Step(method, key, value, changes and chance.randrange(_CANCELLED) == 0)

    return [[step() for _ in range(count)] for _ in range(2 * WORKERS)]


async def expect_linearizable(cell: Cell, work: Sequence[Sequence[Step]]) -> None:
    """Has the workers of both clients do their work at once; expects one order to explain all."""
    history: list[Operation] = []
    clients = (cell, cell.second)
    await asyncio.gather(*(_work(clients[n % 2], mine, history) for n, mine in enumerate(work)))
    if found := counterexample(tuple(history)):
        told = table(found)
        cell.note(told)
        raise Mismatch(
            f"linearizability: no order explains {len(found)} of {len(history)} calls: "
            + "; ".join(" ".join(line.split()) for line in told.splitlines()[1:])
        )


async def _work(client: Cell, work: Sequence[Step], history: list[Operation]) -> None:
    for step in work:
        start = time.monotonic_ns()
        call = _start(client, step)
        if step.cancel:
            call.cancel()
        status = await call.status()
        end: int | None = time.monotonic_ns()
        answer: Answer = None
        code = Code(status.code)
        if code is Code.CANCELLED and step.cancel:
            end = None
        elif code is Code.NOT_FOUND and step.method in {Method.GET, Method.DELETE}:
            answer = NOT_FOUND
        else:
            expect.status(status, Code.OK)
            answer = _answer(call)
        name = client.client.language
        history.append(Operation(name, step.method, step.key, step.value, start, end, answer))


def _start(client: Cell, step: Step) -> Call[Any]:
    match step.method:
        case Method.PUT:
            return client.put(step.key, step.value)
        case Method.GET:
            return client.get(step.key)
        case Method.DELETE:
            return client.delete(step.key)
        case Method.INVENTORY:
            return client.inventory()


def _answer(call: Call[Any]) -> Answer:
    match call.received:
        case [stock_pb2.GetResponse(value=value)]:
            return value
        case [stock_pb2.InventoryStatus(total_items=items, total_bytes=size)]:
            return Totals(items, size)
        case [stock_pb2.Empty()]:
            return None
        case other:
            raise expect.fail("responses", "one", other)
