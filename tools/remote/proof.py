"""Proves remote execution with a real executor: workers run the pairs of languages, and one that dies loses nothing."""

import argparse
import itertools
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.execution.workspace import Workspace, WorkspaceError, cache
from tools.remote.builder import Builder, Run
from tools.remote.executed import places
from tools.remote.executor import NAMES, Executor, executor
from tools.remote.image import image
from tools.remote.install import RemoteError
from tools.remote.jobs import Job, jobs, written
from tools.remote.mourned import mourned

NATIVE = ("cpp", "go", "rust")


def pairs(languages: Sequence[str]) -> list[str]:
    """The tests of every client against every server."""
    return [
        f"//conformance:{client}_{server}"
        for client, server in itertools.product(languages, repeat=2)
    ]


def executed(builder: Builder, running: Executor, targets: Sequence[str]) -> bool:
    """Builds and tests targets, and tells where what was run; whether workers ran all of it."""
    run = builder.test("execution", targets, *running.flags())
    found = places(run.spawns())
    print(f"{found.text()}; {run.seconds:.0f} s")
    known = jobs(running.folder)
    (builder.workspace.folder / "jobs.json").write_text(written(known), encoding="utf-8")
    faults = found.faults(targets) + idle(known, running)
    for fault in faults:
        print(f"  {fault}")
    _tell(known, run)
    return not faults


def idle(known: Sequence[Job], running: Executor) -> list[str]:
    """The workers that did nothing, each as a fault."""
    busy = Counter(job.worker for job in known)
    return [
        f"worker {worker.name} ran nothing" for worker in running.workers if not busy[worker.name]
    ]


def _tell(known: Sequence[Job], run: Run) -> None:
    for worker, number in sorted(Counter(job.worker for job in known).items()):
        spent = sum(job.seconds for job in known if job.worker == worker)
        print(f"worker {worker}: {number} actions, {spent:.0f} s of {run.seconds:.0f} s")
    sys.stdout.flush()


def prove(options: argparse.Namespace) -> bool:
    """Runs everything; whether all was as it should be."""
    end = time.monotonic() + 60 * options.minutes
    place = cache() / "remote/execution"
    machine = Workspace(place / "machine", rc=".bazelrc")
    if not options.keep:
        machine.empty()
    machine.copy()
    builder = Builder(machine, [], end)
    targets = options.targets or pairs(NATIVE)
    seen = [] if options.no_isolation else image(options.image)
    try:
        builder.clean()
        with executor(place, NAMES, seen) as running:
            passed = executed(builder, running, targets)
            told = mourned(builder, running, targets[0])
            print(told.text, flush=True)
            return passed and told.passed
    finally:
        machine.end()
        if not options.keep:
            machine.empty()


def main(argv: Sequence[str]) -> int:
    """0 where all is well, 1 where something is not, told why."""
    parser = argparse.ArgumentParser(prog="tools/remote/execution_test", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", help="tests: by default all pairs of native languages"
    )
    parser.add_argument("--minutes", type=float, default=90.0, help="when all must be over")
    parser.add_argument(
        "--image", type=Path, action="append", default=[], help="one more path that actions see"
    )
    parser.add_argument("--no-isolation", action="store_true", help="actions see this machine")
    parser.add_argument(
        "--keep", action="store_true", help="take the building machine as it is, and leave it"
    )
    options = parser.parse_args(argv)
    start = time.monotonic()
    try:
        passed = prove(options)
    except (RemoteError, WorkspaceError, OSError) as error:
        print(f"FAILED {error}", file=sys.stderr)
        passed = False
    print(f"{'ok' if passed else 'FAILED'} after {time.monotonic() - start:.0f} s")
    return 0 if passed else 1


if __name__ == "__main__":
    # So that what was started is ended.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
