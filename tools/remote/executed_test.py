"""Spawns are counted by what ran them."""

from tools.execution.log import Spawn
from tools.remote.executed import places

COMPILED = Spawn("//go:x", "GoCompile", {}, runner="remote")
TESTED = Spawn("//go:x_test", "TestRunner", {}, runner="remote")
HIT = Spawn("//go:y", "GoCompile", {}, runner="remote cache hit")


def test_what_workers_ran_is_no_fault() -> None:
    found = places([COMPILED, TESTED, HIT])
    assert found.text() == "3 spawns: 2 remote, 1 remote cache hit"
    assert found.faults(["//go:x_test"]) == []


def test_what_ran_here_is_one() -> None:
    found = places([COMPILED._replace(runner="linux-sandbox")])
    assert found.faults([]) == ["not run by a worker: GoCompile of //go:x ran as linux-sandbox"]


def test_a_test_whose_result_was_known_was_not_run() -> None:
    found = places([TESTED._replace(runner="remote cache hit")])
    assert found.faults(["//go:x_test"]) == ["run by no worker: //go:x_test"]


def test_a_build_of_nothing_runs_no_test() -> None:
    found = places([])
    assert found.text() == "0 spawns: none"
    assert found.faults(["//go:x_test"]) == ["run by no worker: //go:x_test"]
