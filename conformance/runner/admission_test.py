"""Admission: a few cells at once, as many calls as a channel has room for, waits beside all."""

from collections.abc import Sequence

from conformance.runner.admission import Admission, Limits
from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.cell_run import STREAMS, CellRun, Ends
from conformance.runner.config import PLAINTEXT
from conformance.runner.plan import CellName, Permutation
from conformance.runner.timeline import Timeline


async def nothing(_: Cell) -> None:
    """Does nothing."""


class Scene:
    """An admission whose permutations end when the test says so."""

    def __init__(self, limits: Limits) -> None:
        self.begun: list[tuple[CellRun, Permutation]] = []
        self.timeline = Timeline()
        self.admission = Admission(limits, self.timeline, self._begin)

    def _begin(self, run: CellRun, permutation: Permutation) -> None:
        self.begun.append((run, permutation))

    def add(self, name: str, cases: Sequence[Case]) -> CellRun:
        """Queues a cell."""
        cell = CellName(name, "go", PLAINTEXT)
        no_programs: Ends = Ends(None, None, None)  # type: ignore[arg-type]
        run = CellRun(cell, [Permutation(cell, case) for case in cases], no_programs)
        self.admission.queue(run)
        self.admission.pump()
        return run

    def end(self, index: int = 0) -> None:
        """Ends a permutation that was begun."""
        run, permutation = self.begun.pop(index)
        self.admission.left(run, permutation.case)

    @property
    def names(self) -> list[str]:
        """What is in flight."""
        return [f"{run.name.client}:{permutation.case.name}" for run, permutation in self.begun]


def a_case(name: str, streams: int = 1, waits: float = 0.0, *, bulk: bool = False) -> Case:
    """A case with a weight."""
    return Case(name, "s", nothing, (), "c", streams=streams, waits=waits, bulk=bulk)


def test_a_few_cells_are_active() -> None:
    scene = Scene(Limits(cells=2))
    for cell in ("a", "b", "c"):
        scene.add(cell, [a_case("one"), a_case("two")])
    assert scene.names == ["a:one", "a:two", "b:one", "b:two"]
    scene.end()
    assert "c:one" not in scene.names
    scene.end()
    assert scene.names == ["b:one", "b:two", "c:one", "c:two"]


def test_a_channel_has_room_for_so_many_calls() -> None:
    scene = Scene(Limits())
    scene.add("a", [a_case("half", STREAMS // 2), a_case("most", STREAMS), a_case("small")])
    assert scene.names == ["a:half"]
    scene.end()
    assert scene.names == ["a:most"]
    scene.end()
    assert scene.names == ["a:small"]


def test_a_case_over_the_room_runs_alone() -> None:
    scene = Scene(Limits())
    scene.add("a", [a_case("huge", STREAMS * 2), a_case("small")])
    assert scene.names == ["a:huge"]


def test_waits_start_first_longest_first_and_beside_inactive_cells() -> None:
    scene = Scene(Limits(cells=1))
    scene.add("a", [a_case("one"), a_case("short", waits=0.1), a_case("long", waits=1.0)])
    scene.add("b", [a_case("one"), a_case("wait", waits=0.1)])
    assert scene.names == ["a:long", "a:short", "a:one", "b:wait"]


def test_waits_have_a_limit_of_their_own() -> None:
    scene = Scene(Limits(waiting=2))
    scene.add("a", [a_case(name, waits=0.1) for name in ("one", "two", "three")])
    scene.add("b", [a_case("four", waits=0.1)])
    assert scene.names == ["a:one", "a:two"]
    scene.end()
    scene.end()
    assert scene.names == ["a:three", "b:four"]
    scene.end()
    scene.end()
    assert scene.names == []


def test_a_withdrawn_cell_starts_nothing_until_it_is_queued_again() -> None:
    scene = Scene(Limits())
    run = scene.add("a", [a_case("one", STREAMS), a_case("two", STREAMS)])
    scene.admission.withdraw(run)
    scene.end()
    assert scene.names == []
    assert scene.admission.queue(run)
    assert not scene.admission.queue(run)
    scene.admission.pump()
    assert scene.names == ["a:two"]


def test_phases_follow() -> None:
    scene = Scene(Limits())
    phases = []
    scene.add("a", [a_case("wait", waits=1.0), a_case("one")])
    for _ in range(2):
        phases.append(scene.timeline._phase)
        scene.end(-1)
    assert [*phases, scene.timeline._phase] == ["working", "waiting", "idle"]


def test_few_bulk_cases_are_in_flight() -> None:
    scene = Scene(Limits(cells=2, bulk=1))
    heavy, light = a_case("heavy", bulk=True), a_case("light")
    scene.add("a", [light, heavy, heavy])
    scene.add("b", [heavy, light])
    assert scene.names == ["a:heavy", "a:light", "b:light"]
    for ended, then in (("a:heavy", "a:heavy"), ("a:heavy", "b:heavy"), ("b:heavy", "")):
        scene.end(scene.names.index(ended))
        assert [name for name in scene.names if "heavy" in name] == [*filter(None, [then])]


def test_so_many_ordinary_cases_are_in_flight_and_the_next_cell_comes_up() -> None:
    scene = Scene(Limits(cells=2, busy=2))
    scene.add("a", [a_case("one"), a_case("two")])
    scene.add("b", [a_case("one"), a_case("two")])
    scene.add("c", [a_case("waits", waits=1.0)])
    assert scene.names == ["a:one", "a:two", "c:waits"]
    scene.end()
    assert scene.names == ["a:two", "c:waits", "b:one"]
