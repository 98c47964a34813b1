"""Starts are measured to the first word, and a program that says none is named."""

import asyncio
import sys
from pathlib import Path

import pytest

from conformance.runner.fakes import peer
from conformance.runner.manifest import Implementation
from conformance.runner.process import environment
from conformance.runner.starts import Start, StartError, measure, measure_all, starts_of, table

LISTENS = "import signal; print('Server listening on x:1', flush=True); signal.pause()"


def listening(script: str) -> Start:
    return Start("listening", "fake", (sys.executable, "-c", script))


def hello(*behaviours: str) -> Start:
    argv = (sys.executable, peer.__file__, "server", "fake", *behaviours)
    return Start("server Hello", "fake", argv)


def run_one(start: Start) -> float:
    variables = environment({"PYTHONPATH": ":".join(sys.path)})
    return asyncio.run(measure(start, variables))


def test_all_programs_are_started_both_ways() -> None:
    one = Implementation("go", ("s", "--session"), ("c", "--session"), Path("k"))
    assert [(start.name, start.argv) for start in starts_of(one)] == [
        ("listening", ("s", "--port", "0")),
        ("server Hello", ("s", "--session")),
        ("client Hello", ("c", "--session")),
    ]


@pytest.mark.parametrize("start", [listening(LISTENS), hello()])
def test_a_start_takes_some_time(start: Start) -> None:
    assert run_one(start) > 0


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (listening("print('hello')"), r"fake listening: said b'hello\\n'"),
        (listening(""), "fake listening: said b''"),
        (hello("exit_at_start"), "fake server Hello: said b''"),
    ],
)
def test_a_program_that_is_not_there_is_named(start: Start, said: str) -> None:
    with pytest.raises(StartError, match=said):
        run_one(start)


def test_starts_take_turns_and_the_table_has_milliseconds() -> None:
    start = listening(LISTENS)
    measured = asyncio.run(measure_all([start], 2, environment({})))
    assert len(measured[start]) == 2
    head, line = table({start: [0.001, 0.003, 0.002]})
    assert head.split() == ["ms", "min", "median", "max"]
    assert line.split() == ["fake", "listening", "1.0", "2.0", "3.0"]
