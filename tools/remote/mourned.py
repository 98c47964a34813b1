"""The trial of a worker that dies: what it was doing is done by another, and the build does not notice."""

import contextlib
import threading

from tools.remote.builder import Builder
from tools.remote.executed import places
from tools.remote.executor import Executor
from tools.remote.install import RemoteError
from tools.remote.jobs import Job, executing, jobs
from tools.remote.trials import Verdict

_WAIT = 600.0
_END = 10.0
_AGAIN = ("--noremote_accept_cached", "--nocache_test_results")


def mourned(builder: Builder, running: Executor, target: str) -> Verdict:
    """Runs a test again, kills the worker that runs it in the midst of that, and judges what came of it."""
    died: list[str] = []

    def kill() -> None:
        # Where nobody runs it there is nobody to kill, which is told below.
        with contextlib.suppress(RemoteError):
            name = executing(running.folder, target, _WAIT)
            next(worker for worker in running.workers if worker.name == name).kill()
            died.append(name)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    run = builder.test("mourned", [target], *running.flags(), *_AGAIN)
    killer.join(_END)
    if not died:
        raise RemoteError(f"nobody who ran {target} could be killed")
    faults = places(run.spawns()).faults([target])
    faults += buried(jobs(running.folder), target, died[0])
    told = f"worker {died[0]} killed while it ran {target}: {run.seconds:.0f} s"
    return Verdict(not faults, "; ".join([told, *faults]))


def buried(known: list[Job], label: str, victim: str) -> list[str]:
    """Why it is not so that another worker ran a test in a second attempt; nothing where it is."""
    tests = [job for job in known if (job.label, job.mnemonic) == (label, "TestRunner")]
    if any(job.tries > 1 and job.worker != victim for job in tests):
        return []
    told = ", ".join(f"{job.worker} in attempt {job.tries}" for job in tests)
    return [f"{label} was run by {told or 'nobody'}"]
