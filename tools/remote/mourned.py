"""The trial of a worker that dies: what it was doing is done by another, and the build does not notice."""

import threading

from tools.remote.builder import Builder
from tools.remote.engine import Engine
from tools.remote.executed import places
from tools.remote.install import RemoteError
from tools.remote.jobs import Job, executing, jobs
from tools.remote.trials import Verdict

_WAIT = 600.0
_END = 10.0


def mourned(builder: Builder, running: Engine, target: str) -> Verdict:
    """Runs a test again, kills the worker that runs it in the midst of that, and judges what came of it.

    The other workers stand still until then, so that it is known whose turn it is.
    """
    victim, *others = running.workers
    died: list[str] = []

    def kill() -> None:
        try:
            label = executing(running.folder, victim.name, _WAIT)
            died.append(label)
        finally:
            victim.kill()
            for other in others:
                other.go_on()

    for other in others:
        other.stand_still()
    murderer = threading.Thread(target=kill, daemon=True)
    murderer.start()
    run = builder.test(
        "mourned", [target], *running.flags(), "--noremote_accept_cached", "--nocache_test_results"
    )
    murderer.join(_END)
    if not died:
        raise RemoteError(f"{victim.name}, which was to die, was given nothing")
    faults = places(run.spawns()).faults([target])
    faults += buried(jobs(running.folder), died[0], victim.name)
    told = f"worker {victim.name} killed while it ran {died[0]}: {run.seconds:.0f} s"
    return Verdict(not faults, "; ".join([told, *faults]))


def buried(known: list[Job], label: str, victim: str) -> list[str]:
    """Why it is not so that another worker ran a test in a second attempt; nothing where it is."""
    tests = [job for job in known if (job.label, job.mnemonic) == (label, "TestRunner")]
    if any(job.tries > 1 and job.worker != victim for job in tests):
        return []
    told = ", ".join(f"{job.worker} in attempt {job.tries}" for job in tests)
    return [f"{label} was run by {told or 'nobody'}"]
