"""What the proof asks for, and who did nothing for it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tools.remote.executor import Executor
from tools.remote.jobs import Job
from tools.remote.mourned import buried
from tools.remote.proof import idle, pairs

JOB = Job("//conformance:go_cpp", "TestRunner", "one", 1, 2.5)


def test_pairs_are_all_of_them() -> None:
    assert pairs(["cpp", "go"]) == [
        "//conformance:cpp_cpp",
        "//conformance:cpp_go",
        "//conformance:go_cpp",
        "//conformance:go_go",
    ]


def test_a_worker_that_did_nothing_is_a_fault() -> None:
    workers: Any = [SimpleNamespace(name="one"), SimpleNamespace(name="other")]
    running = Executor("", Path(), workers)
    assert idle([JOB], running) == ["worker other ran nothing"]
    assert idle([JOB, JOB._replace(worker="other")], running) == []


def test_what_a_dead_worker_ran_is_run_by_another() -> None:
    again = JOB._replace(worker="other", tries=2)
    assert buried([JOB, again], JOB.label, "one") == []


def test_nobody_else_running_it_is_a_fault() -> None:
    assert buried([JOB], JOB.label, "one") == ["//conformance:go_cpp was run by one in attempt 1"]
    assert buried([], JOB.label, "one") == ["//conformance:go_cpp was run by nobody"]
    built = JOB._replace(worker="other", tries=2, mnemonic="GoLink")
    assert buried([built], JOB.label, "one") == ["//conformance:go_cpp was run by nobody"]
