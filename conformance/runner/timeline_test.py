"""Timelines: phases add up to the wall, and the floor is what the machine and the waits allow."""

from conformance.runner import timeline
from conformance.runner.fakes.sample import report
from conformance.runner.timeline import Timeline, process_age
from conformance.runner.waterfall import runner_share, waterfall


def test_phases_add_up() -> None:
    line = Timeline(clock=iter([10.0, 11.0, 13.0, 13.5, 14.0]).__next__)
    line.enter(timeline.WORKING)
    line.enter(timeline.WORKING)
    line.enter(timeline.WAITING)
    line.enter(timeline.ENDING)
    line.close()
    assert line.seconds == {
        "loading": 0.0,
        "starting": 1.0,
        "working": 2.0,
        "waiting": 0.5,
        "idle": 0.0,
        "ending": 0.5,
    }
    assert line.wall == 4.0


def test_the_floor_is_cores_or_the_longest_chain() -> None:
    line = report().timeline
    # Three CPU seconds on two cores against half a second of start and half a second of wait.
    assert line.floor == 1.5
    line.longest_wait = 2.0
    assert line.floor == 2.5
    assert line.efficiency == line.wall / 2.5


def test_a_process_knows_its_age() -> None:
    before = process_age()
    assert 0 < before <= process_age() < 3600


def test_the_waterfall_reads() -> None:
    lines = waterfall(report().timeline)
    assert lines[0] == "wall 2.00 s, floor 1.50 s, wall / floor 1.33"
    assert lines[2] == f"  starting    0.50 s |{'#' * 10}{' ' * 30}|"
    assert lines[3] == f"  working     1.00 s |{' ' * 10}{'#' * 20}{' ' * 10}|"
    assert lines[-3] == "  starts    python server 500 ms, go client 20 ms"
    assert lines[-1].endswith("the runner's share 33%")
    assert runner_share({}) == 0
    assert waterfall(Timeline())[0].startswith("wall 0.00 s")
