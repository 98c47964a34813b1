"""The engine over peers that crash, hang, babble and lie: each ends with the right outcome."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.runner import connecting, engine, supervisor
from conformance.runner.admission import Limits
from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.expect import Mismatch
from conformance.runner.fakes.bench import (
    fake_case,
    getting,
    implementation,
    outcomes,
    reasons,
    run,
)
from conformance.runner.known_failing import Entry
from conformance.runner.outcome import Outcome
from conformance.runner.pattern import parse
from conformance.runner.plan import Selection

GOOD = implementation("good")
OTHERS = [implementation("other"), implementation("third")]


# How long a test may wait for a program that never does what it should; good ones must not need it.
SHORT = 2.0


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LISTEN_SECONDS", "PING_SECONDS", "END_SECONDS"):
        monkeypatch.setattr(supervisor, name, SHORT)


def alone(key: str, deadline: float = 5.0) -> Case:
    """A case that has its cell's channel to itself, so that only it is in flight."""
    return getting(key, deadline=deadline, streams=80)


def test_passes_and_fails(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD], [getting("one"), getting("two"), getting("missing")])
    assert outcomes(ran) == {
        "get_one": Outcome.PASSED,
        "get_two": Outcome.PASSED,
        "get_missing": Outcome.FAILED,
    }
    failed = ran.results[-1]
    assert "expected OK, got NOT_FOUND: 'key not found: missing'" in failed.reason
    assert "--> start" in failed.transcript
    assert '<-- 1.000 ms status code: 5 message: "key not found: missing"' in failed.transcript
    assert ran.problems == ()


@pytest.mark.parametrize(
    ("key", "outcome", "reason"),
    [
        ("crash", Outcome.CRASHED, "good client exited with 3"),
        ("half_frame", Outcome.CRASHED, "within a frame (15 bytes of it came)"),
        ("garbage", Outcome.CRASHED, "broke the session protocol"),
        ("too_long", Outcome.CRASHED, "broke the session protocol"),
        ("unknown_call", Outcome.CRASHED, "never started"),
        ("second_hello", Outcome.CRASHED, "unexpected frame: hello"),
        ("empty_event", Outcome.CRASHED, "an Event without event"),
        ("hang", Outcome.TIMED_OUT, "good client hangs"),
        ("silent", Outcome.TIMED_OUT, "still ran after 0.3 s"),
    ],
)
def test_only_what_is_in_flight_bears_it(
    tmp_path: Path, key: str, outcome: Outcome, reason: str
) -> None:
    ran = run(tmp_path, [GOOD], [alone("before"), alone(key, 0.3), alone("after")])
    assert outcomes(ran) == {
        "get_before": Outcome.PASSED,
        f"get_{key}": outcome,
        "get_after": Outcome.PASSED,
    }
    assert reason in reasons(ran)[f"get_{key}"]


def test_a_status_that_comes_twice_is_a_loss(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD], [alone("double"), alone("after")])
    assert [loss.reason for program in ran.programs for loss in program.losses] == [
        "good client broke the session protocol: Events of call 2, after its status"
    ]


def test_a_second_client_that_crashes_marks_what_it_takes_part_in(tmp_path: Path) -> None:
    async def crashes_the_second(cell: Cell) -> None:
        await cell.second.get("crash").ok()

    async def needs_it_again(cell: Cell) -> None:
        await cell.second.get("one").ok()

    cases = [
        fake_case(crashes_the_second, second_client=True, streams=80, deadline=5.0),
        fake_case(needs_it_again, second_client=True, streams=80, deadline=5.0),
        alone("after"),
    ]
    pair = Selection(clients=("good",), servers=("other",))
    ran = run(tmp_path, [GOOD, *OTHERS], cases, selection=pair)
    assert outcomes(ran) == {
        "crashes_the_second": Outcome.CRASHED,
        "needs_it_again": Outcome.PASSED,
        "get_after": Outcome.PASSED,
    }
    assert reasons(ran)["crashes_the_second"] == "third client exited with 3"
    transcript = next(result.transcript for result in ran.results if result.transcript)
    assert transcript.startswith("second client: third\n")
    assert "the good client:\nthe third client:\nGET\n  --> start call: 2 " in transcript


def test_a_cell_needs_no_second_client_for_the_rest(tmp_path: Path) -> None:
    async def needs_the_second(cell: Cell) -> None:
        await cell.second.get("one").ok()

    third = implementation("third", (), ("exit_at_start",))
    cases = [fake_case(needs_the_second, second_client=True), getting("one")]
    pair = Selection(clients=("good",), servers=("other",))
    ran = run(tmp_path, [GOOD, OTHERS[0], third], cases, selection=pair)
    assert outcomes(ran) == {"needs_the_second": Outcome.CRASHED, "get_one": Outcome.PASSED}
    assert reasons(ran)["needs_the_second"].startswith("third client exited with 1")


def test_a_cell_is_connected_before_its_first_case(tmp_path: Path) -> None:
    numbers: list[int] = []

    async def notes(cell: Cell) -> None:
        call = cell.get("one")
        numbers.append(call.number)
        await call.ok()

    ran = run(tmp_path, [GOOD], [fake_case(notes)])
    assert numbers == [2]
    assert list(ran.timeline.channels.values()) == [0.001]


def test_a_cell_that_cannot_be_connected_runs_its_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "CONNECT_SECONDS", 0.1)
    ran = run(tmp_path, [implementation("bad", [], ["silent_connect"])], [getting("one")])
    assert outcomes(ran) == {"get_one": Outcome.PASSED}
    assert ran.timeline.channels == {}


def test_a_fault_of_the_runner_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ArithmeticError("a bug")

    monkeypatch.setattr(engine.Engine, "_judge", broken)
    ran = run(tmp_path, [GOOD], [getting("one")])
    assert ran.problems == ("the runner failed: ArithmeticError: 'a bug'",)
    assert "a bug" in caplog.text


def test_waits_run_beside_each_other(tmp_path: Path) -> None:
    waiting = [getting("silent", deadline=0.5, waits=0.5) for _ in range(20)]
    ran = run(tmp_path, [GOOD], waiting)
    assert {result.outcome for result in ran.results} == {Outcome.TIMED_OUT}
    assert ran.timeline.seconds["waiting"] < 20 * 0.5 / 2


def test_a_run_can_be_stopped(tmp_path: Path) -> None:
    engines: list[engine.Engine] = []

    async def stops(cell: Cell) -> None:
        engines[0].stop("enough")
        await cell.get("silent").ok()

    cases = [fake_case(stops, deadline=60.0, streams=80), getting("one", streams=80)]
    ran = run(tmp_path, [GOOD], cases, made=engines.append)
    assert outcomes(ran) == {"stops": Outcome.TIMED_OUT, "get_one": Outcome.NOT_RUN}
    assert reasons(ran) == {"stops": "enough", "get_one": "enough"}


def test_the_budget_ends_a_run(tmp_path: Path) -> None:
    ran = run(tmp_path, [GOOD], [getting("one")], limits=Limits(budget=0.0))
    assert outcomes(ran) == {"get_one": Outcome.NOT_RUN}
    assert reasons(ran)["get_one"] == "the run's 0 s are used up"


def test_a_missing_implementation_is_not_run(tmp_path: Path) -> None:
    missing = implementation("bad")._replace(missing="no compiler")
    ran = run(tmp_path, [GOOD, missing], [getting("one")])
    assert [result.outcome for result in ran.results].count(Outcome.NOT_RUN) == 3
    assert [result.outcome for result in ran.results].count(Outcome.PASSED) == 1


@pytest.mark.parametrize(
    ("abilities", "key", "outcome"),
    [
        ([], "one", Outcome.FAILED),
        ([], "missing", Outcome.UNSUPPORTED),
        (["all_abilities"], "one", Outcome.PASSED),
        (["all_abilities"], "missing", Outcome.FAILED),
    ],
)
def test_what_is_not_claimed_is_probed(
    tmp_path: Path, abilities: Sequence[str], key: str, outcome: Outcome
) -> None:
    peers = implementation("good", abilities, abilities)
    ran = run(tmp_path, [peers], [getting(key, relies_on=("wait_for_ready",))])
    assert outcomes(ran) == {f"get_{key}": outcome}


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("missing", Outcome.KNOWN_FAILING),
        ("silent", Outcome.KNOWN_FAILING),
        ("one", Outcome.UNEXPECTED_PASS),
        ("crash", Outcome.CRASHED),
    ],
)
def test_known_failures(tmp_path: Path, key: str, outcome: Outcome) -> None:
    entry = Entry("good", parse("client=good"), "known", "none", datetime.date(2999, 1, 1))
    ran = run(tmp_path, [GOOD], [getting(key, deadline=0.3)], known=[entry])
    assert outcomes(ran) == {f"get_{key}": outcome}
    assert ("known" in reasons(ran)[f"get_{key}"]) == (key != "crash")


def test_a_faulty_case_fails(tmp_path: Path) -> None:
    async def divides(cell: Cell) -> None:
        raise ZeroDivisionError(f"in {cell.store}")

    async def refused(cell: Cell) -> None:
        raise Mismatch("as told")

    ran = run(tmp_path, [GOOD], [fake_case(divides), fake_case(refused)])
    assert outcomes(ran) == {"divides": Outcome.FAILED, "refused": Outcome.FAILED}
    assert reasons(ran)["divides"].startswith("ZeroDivisionError: 'in p")
    assert reasons(ran)["refused"] == "as told"
    assert "at divides, line" in ran.results[0].transcript


def test_every_permutation_has_a_store_and_choices_of_its_own(tmp_path: Path) -> None:
    stores: list[str] = []
    chosen: list[float] = []

    async def notes(cell: Cell) -> None:
        stores.append(cell.store)
        chosen.append(cell.chance.random())
        assert cell.second.store == cell.store
        third = {"good", "other", "third"} - {cell.client.language, cell.server.language}
        assert cell.second.client.language in third

    for _ in range(2):
        run(tmp_path, [GOOD, *OTHERS], [fake_case(notes, second_client=True)])
    assert len(stores) == 18
    assert len(set(stores)) == 9
    assert sorted(chosen[:9]) == sorted(chosen[9:])
    assert len(set(chosen)) == 9
