"""A run as data: what ran, what came of it, whether it passes; every rendering is made from it."""

import datetime
import os
import platform
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from conformance.runner.engine import Run
from conformance.runner.outcome import BAD, EXECUTED, Outcome, Result
from conformance.runner.plan import DEFAULT_SEED, Permutation, Plan
from conformance.runner.supervisor import Supervisor
from conformance.runner.timeline import PHASES, Timeline
from conformance.runner.way import Way

# Raised with every change that a reader of results.json could trip over.
SCHEMA: Final = "stock-results/2"

_HELLO_FIELDS: Final = ("library", "runtime", "transport", "tls_stack", "version")


class ProgramReport(NamedTuple):
    """One program of the run."""

    language: str
    role: str
    # Of its Hello: library, runtime, transport, tls_stack, version; empty where it never said one.
    described: Mapping[str, str]
    supports: tuple[str, ...]
    # Seconds from each start to its Hello.
    starts: tuple[float, ...]
    # How it was lost, each time: reason and the end of its log.
    losses: tuple[tuple[str, str], ...]
    # The end of its log.
    log_tail: str
    # How it was driven: `session`, `conformance` or `flags`.
    way: str = Way.SESSION.value

    @property
    def name(self) -> str:
        """`go server`."""
        return f"{self.language} {self.role}"


class Report(NamedTuple):
    """What came of a run."""

    profile: str
    started: datetime.datetime
    environment: Mapping[str, str]
    programs: tuple[ProgramReport, ...]
    # Reason by language whose programs could not be built.
    missing: Mapping[str, str]
    # In the order of the plan.
    results: tuple[Result, ...]
    # How many permutations had to be executed.
    floor: int
    # What is wrong beside the outcomes, a line each: stale entries, losses, faulty ends.
    problems: tuple[str, ...]
    # Whether what could not be run counts as a failure.
    require_all: bool
    timeline: Timeline
    seed: int = DEFAULT_SEED
    # Languages and roles of programs that were brought along, and the arguments that brought them.
    brought: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many permutations had each outcome, in the order of the closed set."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}

    @property
    def executed(self) -> int:
        """How many permutations were executed."""
        return sum(1 for result in self.results if result.outcome in EXECUTED)

    @property
    def bad(self) -> tuple[Result, ...]:
        """The results that make the run fail."""
        return tuple(result for result in self.results if result.outcome in BAD)

    def complaints(self) -> list[str]:
        """Why the run fails, a line each; empty where it passes."""
        found = [f"{count} {outcome}" for outcome, count in self.counts.items() if outcome in BAD]
        if not self.executed:
            found.append("nothing was executed")
        if self.executed < self.floor:
            found.append(f"only {self.executed} permutations executed of {self.floor} planned")
        found += [
            f"nothing was executed with the {name} {role}, which was brought along"
            for name, role in self.brought
            if not self._executed_with(name, role)
        ]
        if self.require_all:
            found += [f"{name} was required: {why}" for name, why in self.missing.items()]
        return [*found, *self.problems]

    def not_asked(self) -> dict[str, int]:
        """Of the brought programs: how many permutations needed what cannot be asked of them, by reason."""
        names = {name for name, _ in self.brought}
        reasons = Counter(
            result.reason
            for result in self.results
            if result.outcome is Outcome.NOT_RUN and names & set(result.permutation.cell[:2])
        )
        return dict(reasons.most_common())

    def _executed_with(self, name: str, role: str) -> bool:
        mine = [r for r in self.results if getattr(r.permutation.cell, role) == name]
        if not mine:
            # Narrowed to the other role; but a name must be somewhere.
            return any(name in result.permutation.cell[:2] for result in self.results)
        return any(result.outcome in EXECUTED for result in mine)


def make_report(
    plan: Plan, run: Run, started: datetime.datetime, stale: Sequence[str], require_all: bool
) -> Report:
    """The report of a run; `stale` is what is wrong with the known failing entries."""
    order = {id(permutation): i for i, permutation in enumerate(plan.permutations)}
    results = sorted(run.results, key=lambda result: order[id(result.permutation)])
    losses = [loss.reason for program in run.programs for loss in program.losses]
    programs: dict[tuple[str, str], ProgramReport] = {}
    for program in run.programs:
        # A server that was driven in two ways stands there once.
        programs.setdefault((program.language, program.role), _program(program))
    return Report(
        profile=plan.profile,
        started=started,
        environment=_environment(),
        programs=tuple(programs.values()),
        missing=plan.missing,
        results=tuple(results),
        floor=plan.floor - run.inexpressible,
        problems=(*stale, *losses, *run.problems),
        require_all=require_all,
        timeline=run.timeline,
        seed=plan.seed,
        brought=plan.brought,
        arguments=plan.arguments,
    )


def reproduce(report: Report, permutation: Permutation) -> str:
    """The command that runs one permutation alone, with the same company and choices."""
    target = "matrix" if report.profile == "standard" else report.profile
    arguments = [*report.arguments]
    if report.seed != DEFAULT_SEED:
        arguments.append(f"--seed={report.seed}")
    command = ["./bazelw", "test", f"//conformance:{target}", f"--test_filter={permutation.name}"]
    return shlex.join([*command, *(f"--test_arg={argument}" for argument in arguments)])


def to_json(report: Report) -> dict[str, Any]:
    """The report as results.json has it; results.schema.json beside this file describes it."""
    complaints = report.complaints()
    return {
        "schema": SCHEMA,
        "profile": report.profile,
        "seed": report.seed,
        "started": report.started.isoformat(timespec="seconds"),
        "environment": dict(report.environment),
        "passed": not complaints,
        "complaints": complaints,
        "planned": len(report.results),
        "floor": report.floor,
        "executed": report.executed,
        "counts": {outcome.value: count for outcome, count in report.counts.items()},
        "missing": dict(report.missing),
        "cases": _cases_json(report.results),
        "programs": [_program_json(program) for program in report.programs],
        "waterfall": _waterfall_json(report.timeline),
        "permutations": [_result_json(report, result) for result in report.results],
    }


def _environment() -> dict[str, str]:
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "runner": f"python {platform.python_version()}",
    }


def _program(program: Supervisor) -> ProgramReport:
    hello = program.hello
    described = {name: getattr(hello, name) for name in _HELLO_FIELDS} if hello else {}
    return ProgramReport(
        language=program.language,
        role=program.role,
        described=described,
        supports=tuple(hello.supports) if hello else (),
        starts=tuple(program.start_seconds),
        losses=tuple((loss.reason, loss.log_tail) for loss in program.losses),
        log_tail=program.log_tail(),
        way=program.drive.way.value,
    )


def _program_json(program: ProgramReport) -> dict[str, Any]:
    return {
        "language": program.language,
        "role": program.role,
        **program.described,
        "driven_by": program.way,
        "supports": list(program.supports),
        "start_seconds": [round(seconds, 4) for seconds in program.starts],
        "losses": [{"reason": reason, "log": log} for reason, log in program.losses],
        "log_tail": program.log_tail,
    }


def _cases_json(results: Sequence[Result]) -> dict[str, Any]:
    cases = {result.permutation.case.name: result.permutation.case for result in results}
    return {name: {"suite": case.suite, "clause": case.clause} for name, case in cases.items()}


def _result_json(report: Report, result: Result) -> dict[str, Any]:
    client, server, security, key_type, case = result.permutation.components
    entry = {
        "name": result.permutation.name,
        "client": client,
        "server": server,
        "security": str(security),
        "key_type": str(key_type),
        "suite": result.permutation.case.suite,
        "case": case,
        "outcome": result.outcome.value,
        "duration_seconds": round(result.duration, 6),
        "reproduce": reproduce(report, result.permutation),
    }
    if result.permutation.second:
        entry["second_client"] = result.permutation.second
    if result.reason:
        entry["reason"] = result.reason
    if result.transcript:
        entry["transcript"] = result.transcript
    return entry


def _waterfall_json(timeline: Timeline) -> dict[str, Any]:
    return {
        "wall_seconds": round(timeline.wall, 4),
        "floor_seconds": round(timeline.floor, 4),
        "efficiency": round(timeline.efficiency, 3),
        "phases": {phase: round(timeline.seconds[phase], 4) for phase in PHASES},
        "channels": {cell: round(seconds, 4) for cell, seconds in timeline.channels.items()},
        "cpu_seconds": {name: round(seconds, 4) for name, seconds in timeline.cpu.items()},
    }
