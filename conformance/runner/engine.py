"""Runs a plan: starts all programs at once and overlaps everything that waits.

Everything happens in callbacks of one event loop: a program that is up, a permutation that has
ended, a deadline that has passed. Nothing sleeps and nothing polls.
"""

import asyncio
import functools
import os
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple

from conformance.runner import failure, inexpressible, known_failing, timeline
from conformance.runner.admission import DEFAULT_LIMITS, Admission, Limits
from conformance.runner.cell_run import CellRun, Ends, Running
from conformance.runner.connecting import Connecting
from conformance.runner.isolation import Isolation, ServerLost
from conformance.runner.manifest import Implementation
from conformance.runner.outcome import Outcome, Result, judge
from conformance.runner.plan import RUNNER, CellName, Permutation, Plan
from conformance.runner.programs import Programs
from conformance.runner.supervisor import Loss, Supervisor, Tools
from conformance.runner.timeline import Timeline


class Run(NamedTuple):
    """What came of a plan."""

    results: tuple[Result, ...]
    # In the order of their start.
    programs: tuple[Supervisor, ...]
    # What is wrong with the programs' ends and answers, beside the permutations.
    problems: tuple[str, ...]
    timeline: Timeline
    # How many permutations were not run because a program without a session cannot be asked for what
    # they need.
    inexpressible: int = 0


class Engine:
    """One run of one plan; `run` may be called once."""

    def __init__(
        self,
        plan: Plan,
        implementations: Sequence[Implementation],
        known: Sequence[known_failing.Entry],
        tools: Tools,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._plan = plan
        self._known = known
        self._limits = limits
        self._observe: Callable[[Result], None] = lambda _: None
        self.programs = Programs(implementations, tools)
        self._runs_of: defaultdict[Supervisor, list[CellRun]] = defaultdict(list)
        self._results: list[Result] = []
        self._problems: list[str] = []
        self._stores = 0
        self._inexpressible = 0
        self._isolation = Isolation(limits.isolated)
        self._confirming: set[asyncio.Task[None]] = set()
        self.timeline = Timeline(cores=len(os.sched_getaffinity(0)))
        self._connecting = Connecting(limits.connects, self._connected)
        self._admission = Admission(limits, self.timeline, self._begin)
        # CPU seconds of the runner when the first pair was up.
        self._cpu_up: float | None = None
        self._finished = asyncio.Event()

    async def run(self, observe: Callable[[Result], None]) -> Run:
        """Runs the plan to its end; `observe` sees each result as it comes."""
        self._observe = observe
        runnable: list[Permutation] = []
        for permutation in self._plan.permutations:
            if reason := self._plan.lacking(permutation):
                self._record(Result(permutation, Outcome.NOT_RUN, reason))
            else:
                runnable.append(permutation)
        self._make_runs(runnable)
        used = [program for program in self.programs if self._runs_of[program]]
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_fault)
        budget = loop.call_later(
            self._limits.budget, self.stop, f"the run's {self._limits.budget:g} s are used up"
        )
        try:
            for program in used:
                program.start(self)
            await self._finished.wait()
            self._take_times(used)
            faults = await asyncio.gather(*(program.close() for program in used))
            self.timeline.close()
        finally:
            budget.cancel()
            loop.set_exception_handler(None)
            self._connecting.close()
            for program in used:
                program.kill()
        self._problems += (fault for faults_of in faults for fault in faults_of)
        results, problems = tuple(self._results), tuple(self._problems)
        return Run(results, tuple(used), problems, self.timeline, self._inexpressible)

    def stop(self, reason: str) -> None:
        """Ends the run early: what is in flight has timed out, the rest is not run."""
        for run in dict.fromkeys(run for runs in self._runs_of.values() for run in runs):
            for permutation in run.take_left():
                self._record(Result(permutation, Outcome.NOT_RUN, reason))
            for running in run.running:
                running.end(Outcome.TIMED_OUT, reason)

    def _on_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Ends the run where a callback of the runner has failed: nothing else would."""
        loop.default_exception_handler(context)
        error = context.get("exception")
        if error is not None and failure.is_own(error):
            self._problems.append(f"the runner failed: {failure.reason(error)}")
            self.stop("the runner failed")
            self._finished.set()

    # What the supervisors tell.

    def program_up(self, supervisor: Supervisor) -> None:
        """Connects the cells for which nothing lacks any more."""
        for run in self._runs_of[supervisor]:
            self._settle(run)

    def program_lost(self, supervisor: Supervisor, loss: Loss) -> bool:
        """Ends what was in flight with the program; whether something is left that needs it."""
        needed = False
        for run in self._runs_of[supervisor]:
            self._connecting.withdraw(run)
            self._admission.withdraw(run)
            for running in run.running:
                running.end(loss.outcome, loss.reason)
            run.unlink()
            if supervisor.gone is not None:
                for permutation in run.take_left():
                    self._record(Result(permutation, loss.outcome, loss.reason))
            needed = needed or run.left
        self._admission.pump()
        return needed

    # Cells.

    def _make_runs(self, permutations: Iterable[Permutation]) -> None:
        # What has a second client is run beside the rest of its cell, which need not wait for a third
        # program, nor suffer from its end.
        by_programs: defaultdict[tuple[CellName, str], list[Permutation]] = defaultdict(list)
        for permutation in permutations:
            by_programs[permutation.cell, permutation.second].append(permutation)
        for (name, second), mine in by_programs.items():
            client = None if name.client == RUNNER else self.programs[name.client, "client"]
            other = self.programs[second, "client"] if second else None
            server = self.programs.server_for(name.server, filter(None, (client, other)))
            ends = Ends(server, client, other)
            run = CellRun(name, mine, ends)
            for supervisor in run.supervisors():
                self._runs_of[supervisor].append(run)
            if name.config not in server.configs:
                server.configs.append(name.config)

    def _settle(self, run: CellRun) -> None:
        """Connects a cell once it is ready; without a listener its permutations have failed."""
        if not run.ready():
            return
        if isinstance(run.listener, str):
            for permutation in run.take_left():
                raw = Result(permutation, Outcome.FAILED, run.listener)
                self._judge(raw, run.unclaimed(permutation))
        elif run.left:
            if self._cpu_up is None:
                self._cpu_up = time.process_time()
            if not run.links or run in self._connecting:
                self._connecting.connect(run)
            else:
                self._connected(run)

    def _connected(self, run: CellRun) -> None:
        """Queues a cell whose channel is open, or cannot be opened."""
        if run.connect_seconds:
            self.timeline.channels[run.title] = run.connect_seconds
        self._admission.queue(run)
        self._admission.pump()

    # Permutations.

    def _begin(self, run: CellRun, permutation: Permutation) -> None:
        self._stores += 1
        cell = run.cell(f"p{self._stores}", f"{self._plan.seed} {permutation.name}")
        running = Running(run, permutation, cell, asyncio.get_running_loop().time())
        work: Awaitable[None]
        if run.isolated:
            work = self._isolation.play(running, self._time)
        else:
            self._time(running)
            work = permutation.case.function(running.cell)
        running.task = asyncio.ensure_future(work)
        running.task.add_done_callback(functools.partial(self._done, running))
        run.running.add(running)
        run.begun()

    def _time(self, running: Running) -> None:
        """Starts a permutation's time."""
        loop = asyncio.get_running_loop()
        running.started = loop.time()
        running.timer = loop.call_at(running.started + running.deadline, self._expire, running)

    def _expire(self, running: Running) -> None:
        running.end(Outcome.TIMED_OUT, f"still ran after {running.deadline:g} s")

    def _done(self, running: Running, task: asyncio.Task[Any]) -> None:
        if running.timer is not None:
            running.timer.cancel()
        duration = asyncio.get_running_loop().time() - running.started
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        raw = Result(running.permutation, Outcome.PASSED, "", duration)
        if error is None:
            running.cell.close()
            self._end(running, raw)
            self._admission.left(running.run, running.permutation.case)
        elif (asked := inexpressible.found(error)) is not None and running.fate is None:
            running.cell.close()
            self._inexpressible += 1
            self._record(Result(running.permutation, Outcome.NOT_RUN, str(asked)))
            self._leave(running)
            self._admission.left(running.run, running.permutation.case)
        else:
            transcript = failure.transcript(running.cell, error, running.permutation.company)
            running.cell.close()
            lost = isinstance(error, ServerLost)
            outcome = Outcome.CRASHED if lost else Outcome.FAILED
            reason = f"{running.run.ends.server.name}: {error}" if lost else failure.reason(error)
            raw = Result(running.permutation, outcome, reason, duration, transcript)
            confirming = asyncio.ensure_future(self._confirm(running, raw))
            self._confirming.add(confirming)
            confirming.add_done_callback(self._confirming.discard)

    async def _confirm(self, running: Running, raw: Result) -> None:
        """Makes sure that the programs live before a case is blamed on what they answered."""
        await asyncio.gather(*(program.check_alive() for program in running.run.supervisors()))
        if running.fate is not None:
            outcome, reason = running.fate
            raw = raw._replace(outcome=outcome, reason=reason)
        self._end(running, raw)
        self._admission.left(running.run, running.permutation.case)

    def _end(self, running: Running, raw: Result) -> None:
        run = running.run
        passed = raw.outcome is Outcome.PASSED
        unclaimed = run.unclaimed(running.permutation, passed, running.cell.uses_grpc)
        if unclaimed and not run.proves(raw.outcome):
            raw = raw._replace(outcome=Outcome.FAILED, reason="passed without a connection")
        self._judge(raw, unclaimed)
        self._leave(running)

    def _leave(self, running: Running) -> None:
        running.run.running.discard(running)
        if running.run.drained:
            running.run.unlink()

    def _judge(self, raw: Result, unclaimed: str) -> None:
        if raw.outcome is Outcome.PASSED and not unclaimed and not self._known:
            self._record(raw)
            return
        known = known_failing.find(self._known, raw.permutation)
        outcome, why = judge(raw.outcome, unclaimed, known.reason if known else None)
        reason = "; ".join(text for text in (why, raw.reason) if text)
        self._record(raw._replace(outcome=outcome, reason=reason))

    def _record(self, result: Result) -> None:
        self._results.append(result)
        self._observe(result)
        if len(self._results) == len(self._plan.permutations):
            self._finished.set()

    def _take_times(self, programs: Sequence[Supervisor]) -> None:
        """Notes where CPU time went, while the programs still run."""
        times = self.timeline
        times.enter(timeline.ENDING)
        runner = time.process_time()
        times.cpu[RUNNER] = runner
        times.cpu_working[RUNNER] = runner - (self._cpu_up or 0.0)
        for program in programs:
            times.starts[program.name] = program.start_seconds
            times.cpu[program.name] = program.cpu_seconds()
            times.calls[program.name] = program.calls
            times.cpu_working[program.name] = max(0.0, times.cpu[program.name] - program.cpu_up)
        ran = [result.permutation.case.waits for result in self._results if result.duration]
        times.longest_wait = max(ran, default=0.0)
