"""A report with one permutation of every outcome, for the tests of its renderings."""

import datetime

from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.config import PLAINTEXT, Config, KeyType, Security
from conformance.runner.outcome import Outcome, Result
from conformance.runner.plan import CellName, Permutation
from conformance.runner.report import ProgramReport, Report
from conformance.runner.timeline import Timeline

MTLS = Config(Security.MTLS, KeyType.P256)
# Markup, a control character and an unpaired surrogate: whatever a peer says, a report can hold it.
ODD = "expected <a> & 'b' | got \x00\x1b[31m \ud800"


async def nothing(_: Cell) -> None:
    """Does nothing."""


def permutation(case: str, client: str = "go", config: Config = PLAINTEXT) -> Permutation:
    """A permutation with the Python server."""
    cell = CellName(client, "python", config)
    return Permutation(cell, Case(case, "unary", nothing, (), "service.md 3"))


def result(outcome: Outcome) -> Result:
    """A result with an outcome, and with what belongs to it."""
    passed = outcome is Outcome.PASSED
    config = MTLS if outcome is Outcome.FAILED else PLAINTEXT
    return Result(
        permutation(f"case_{outcome}", config=config),
        outcome,
        "" if passed else f"why {outcome}: {ODD}",
        0.0 if outcome is Outcome.NOT_RUN else 0.25,
        "" if passed else "GET\n  --> start",
    )


def report(*outcomes: Outcome) -> Report:
    """A report of a run with these outcomes."""
    results = tuple(result(outcome) for outcome in outcomes)
    described = {"library": "grpc-go 1", "runtime": "go 1", "transport": "grpc-go"}
    timeline = Timeline(cores=2)
    timeline.seconds.update(starting=0.5, working=1.0, waiting=0.5)
    timeline.starts.update({"go client": [0.02], "python server": [0.5, 0.4]})
    timeline.channels.update({"cell one": 0.012})
    timeline.cpu.update({"runner": 1.0, "go client": 2.0})
    timeline.longest_wait = 0.5
    return Report(
        profile="standard",
        started=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
        environment={"cores": "2"},
        programs=(
            ProgramReport("go", "client", described, ("gzip_request",), (0.02,), (), "a log line"),
            ProgramReport("python", "server", {}, (), (), (("it crashed", "its log"),), "its log"),
        ),
        missing={},
        results=results,
        floor=len(results),
        problems=(),
        require_all=False,
        timeline=timeline,
    )
