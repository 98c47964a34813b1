"""Judges mutants by what a run of the matrix made of them: caught, at which cases, survived, or not run."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from conformance.mutants.mutant import Mutant
from conformance.runner.outcome import BAD, Outcome, Result


class Verdict(NamedTuple):
    """What the cases made of one mutant."""

    mutant: Mutant
    # Cases that failed.
    failed: tuple[str, ...]
    # Cases that the run did not come to.
    not_run: tuple[str, ...]

    @property
    def undecided(self) -> bool:
        """Whether a case that must fail was not run: nothing follows for the mutant."""
        return bool(self.mutant.missed(self.failed) and self.mutant.kills(self.not_run))

    @property
    def caught(self) -> bool:
        """Whether all cases failed that must, and none that has nothing to do with the mutant."""
        return not self.mutant.missed(self.failed) and not self.mutant.strays(self.failed)

    @property
    def text(self) -> str:
        """What to say of it, for a person."""
        name = f"{self.mutant.role:6} {self.mutant.name:36}"
        if self.undecided:
            return f"NOT RUN  {name}: {', '.join(self.mutant.kills(self.not_run))}"
        if missed := self.mutant.missed(self.failed):
            return f"SURVIVED {name} passed: {', '.join(missed)}: {self.mutant.breaks}"
        if strays := self.mutant.strays(self.failed):
            return f"STRAYED  {name} failed too: {', '.join(strays)}: {self.mutant.breaks}"
        return f"caught   {name} by {', '.join(self.mutant.caught_by)}"


def judge(mutant: Mutant, results: Iterable[Result]) -> Verdict:
    """The verdict over a mutant, by the results of all its cases."""
    failed, not_run = [], []
    for result in results:
        if result.outcome in BAD:
            failed.append(result.permutation.case.name)
        elif result.outcome is Outcome.NOT_RUN:
            not_run.append(result.permutation.case.name)
    return Verdict(mutant, tuple(failed), tuple(not_run))


def unkilled(verdicts: Iterable[Verdict], cases: Iterable[str]) -> tuple[str, ...]:
    """The cases that failed for no mutant that they must notice: nothing shows that they can."""
    killed = {case for verdict in verdicts for case in verdict.mutant.kills(verdict.failed)}
    return tuple(case for case in cases if case not in killed)


def coverage(lacking: Collection[str], cases: Collection[str]) -> str:
    """How many of the cases were seen failing."""
    killed = len(cases) - len(lacking)
    return f"cases killed: {killed} of {len(cases)} ({killed / len(cases):.1%})"


def score(verdicts: Sequence[Verdict]) -> str:
    """How many of the mutants were caught, and of how many the run does not tell."""
    caught = sum(verdict.caught for verdict in verdicts)
    undecided = sum(verdict.undecided for verdict in verdicts)
    tail = f", {undecided} not run" if undecided else ""
    return f"mutation score: {caught} of {len(verdicts)}{tail}"
