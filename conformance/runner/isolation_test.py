"""Programs without a session in a run: alone with each permutation, and asked for no more than they can say."""

import asyncio
import sys
from pathlib import Path

from conformance.runner.call import Call
from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.engine import Run
from conformance.runner.fakes import bare
from conformance.runner.fakes.bench import (
    command,
    fake_case,
    getting,
    implementation,
    outcomes,
    reasons,
    run,
)
from conformance.runner.manifest import Implementation
from conformance.runner.outcome import Outcome
from conformance.runner.plan import Selection
from conformance.runner.way import Way
from proto import session_pb2, stock_pb2


def program(role: str, behaviour: str) -> tuple[str, ...]:
    """A program without a session."""
    return (sys.executable, bare.__file__, role, behaviour)


def served(behaviour: str) -> list[Implementation]:
    """A server without a session, and a client with one."""
    mine = Implementation(
        "mine",
        program("server", behaviour),
        (),
        None,
        roles=("server",),
        server_way=Way.FLAGS,
        brought=("server",),
    )
    return [mine, implementation("good")]


def called(behaviour: str) -> list[Implementation]:
    """A client without a session; the server beside it is driven by its flags for its sake."""
    mine = Implementation(
        "mine",
        program("server", "plain"),
        program("client", behaviour),
        None,
        client_way=Way.FLAGS,
        brought=("server", "client"),
    )
    return [mine]


def run_with_server(tmp_path: Path, behaviour: str, *cases: Case) -> Run:
    """A run of cases of the good client with a server."""
    selection = Selection(clients=("good",), servers=("mine",))
    return run(tmp_path, served(behaviour), cases, selection=selection)


def run_with_client(tmp_path: Path, *cases: Case) -> Run:
    """A run of cases of a client."""
    return run(tmp_path, called("plain"), cases)


def asking(name: str, ask: object) -> Case:
    """A case that asks for one thing."""

    async def case(cell: Cell) -> None:
        asked = ask(cell)  # type: ignore[operator]
        if isinstance(asked, Call):
            await asked.status()
        elif hasattr(asked, "__await__"):
            await asked

    return fake_case(case, name)


def test_each_permutation_has_a_server_of_its_own(tmp_path: Path) -> None:
    ports: set[int] = set()

    async def look(cell: Cell) -> None:
        await cell.get("key").ok()
        ports.add(cell.endpoint.port)

    ran = run_with_server(tmp_path, "plain", *(fake_case(look, f"look_{n}") for n in range(5)))
    assert set(outcomes(ran).values()) == {Outcome.PASSED}
    assert len(ports) == 5
    assert ran.problems == ()


def test_no_directive_is_sent_where_none_is_obeyed(tmp_path: Path) -> None:
    async def plain(cell: Cell) -> None:
        call = cell.get("key")
        await call.ok()
        [start] = [entry for entry in call.log if isinstance(entry, session_pb2.Command)]
        assert not start.start.metadata.entries

    assert outcomes(run_with_server(tmp_path, "plain", fake_case(plain))) == {
        "plain": Outcome.PASSED
    }


def test_what_a_server_cannot_be_asked_is_not_run(tmp_path: Path) -> None:
    tagged = session_pb2.Directive(tag="seen")
    asked = {
        "directive": lambda cell: cell.get("key", directive=tagged),
        "observation": lambda cell: cell.observation("seen"),
        "has_observed": lambda cell: cell.has_observed("seen"),
        "listener": lambda cell: cell.listen(),
        "version": lambda cell: cell.server,
    }
    ran = run_with_server(tmp_path, "plain", *(asking(*pair) for pair in asked.items()))
    assert set(outcomes(ran).values()) == {Outcome.NOT_RUN}, reasons(ran)
    assert ran.inexpressible == len(asked)
    told = reasons(ran)
    assert told["directive"] == "directives, for which a server needs --conformance"
    assert told["observation"] == told["has_observed"]
    assert "needs a session" in told["observation"]
    assert "needs a session" in told["listener"]
    assert "needs --version" in told["version"]


def test_a_server_that_ends_is_crashed_with_its_permutation_alone(tmp_path: Path) -> None:
    async def until_it_is_gone(cell: Cell) -> None:
        reader, writer = await asyncio.open_connection(cell.endpoint.host, cell.endpoint.port)
        assert await reader.read() == b""
        writer.close()

    cases = (getting("before"), fake_case(until_it_is_gone), getting("after"))
    ran = run_with_server(tmp_path, "ends_at_a_call", *cases)
    assert outcomes(ran) == {
        "get_before": Outcome.PASSED,
        "until_it_is_gone": Outcome.CRASHED,
        "get_after": Outcome.PASSED,
    }
    reason = reasons(ran)["until_it_is_gone"]
    assert reason.startswith("mine server: ")
    assert "the server exited with 7 and said 'something terrible happened'" in reason


def test_a_second_ready_line_breaks_the_contract(tmp_path: Path) -> None:
    ran = run_with_server(tmp_path, "second_line", getting("key"))
    assert outcomes(ran) == {"get_key": Outcome.CRASHED}
    assert "said more on standard output than its ready line" in reasons(ran)["get_key"]


def test_operations_of_a_client(tmp_path: Path) -> None:
    async def put(cell: Cell) -> None:
        await cell.put("key", b"value").ok()

    async def missing(cell: Cell) -> None:
        status = await cell.get("missing").status()
        assert (status.code, status.message) == (5, "key not found: missing")

    ran = run_with_client(tmp_path, getting("key"), fake_case(put), fake_case(missing))
    assert set(outcomes(ran).values()) == {Outcome.PASSED}, reasons(ran)
    assert [program.name for program in ran.programs] == ["mine client", "mine server by flags"]


def test_what_a_client_says_against_the_contract(tmp_path: Path) -> None:
    told = {
        "mumbles": "exited with 69, which is NOT_FOUND, and said 'NOT_FOUND, so to say'",
        "other": "the client exited with 4",
        "noisy": "printed b'an answer\\n' for a call that failed",
        "killed": "was killed by SIGKILL",
    }
    ran = run_with_client(tmp_path, *map(getting, told))
    assert set(outcomes(ran).values()) == {Outcome.FAILED}
    for key, reason in told.items():
        assert reason in reasons(ran)[f"get_{key}"]


def test_what_a_client_cannot_say_is_not_run(tmp_path: Path) -> None:
    async def half_open(cell: Cell) -> None:
        await cell.trade(stock_pb2.TradeOrder(symbol="a", quantity=1)).response()

    async def cancelled(cell: Cell) -> None:
        cell.get("hang").cancel()

    asked = {
        "metadata": lambda cell: cell.get("key", metadata=[("a", "b")]),
        "ready": lambda cell: cell.get("key", wait_for_ready=True),
        "gzip": lambda cell: cell.get("key", compress=True),
        "credit": lambda cell: cell.monitor(credit=1),
        "headers": lambda cell: cell.monitor().headers(),
        "absent": lambda cell: cell.absent_get("key"),
        "nul": lambda cell: cell.get("a\0b"),
    }
    cases = [asking(*pair) for pair in asked.items()]
    ran = run_with_client(tmp_path, *cases, fake_case(half_open), fake_case(cancelled))
    assert set(outcomes(ran).values()) == {Outcome.NOT_RUN}, outcomes(ran)
    assert ran.inexpressible == len(ran.results)
    assert reasons(ran)["half_open"].startswith("an answer before the requests end, for which")


def test_what_a_case_leaves_open_is_ended(tmp_path: Path) -> None:
    async def leave(cell: Cell) -> None:
        cell.get("hang")
        await cell.get("key").ok()

    assert outcomes(run_with_client(tmp_path, fake_case(leave))) == {"leave": Outcome.PASSED}


def test_abilities_are_not_claimed_by_flags_and_may_be_there(tmp_path: Path) -> None:
    async def fails(cell: Cell) -> None:
        raise AssertionError("not there")

    relies_on = ("gzip_response",)
    cases = (getting("key", relies_on=relies_on), fake_case(fails, relies_on=relies_on))
    ran = run_with_server(tmp_path, "plain", *cases)
    assert outcomes(ran) == {"get_key": Outcome.PASSED, "fails": Outcome.UNSUPPORTED}


def test_a_peer_of_the_fakes_is_a_session(tmp_path: Path) -> None:
    """A brought program may say any language in its Hello, and is named as it was brought."""
    mine = Implementation(
        "mine",
        command("server", "latin"),
        command("client", "greek"),
        None,
        brought=("server", "client"),
    )

    async def who(cell: Cell) -> None:
        assert (cell.client.language, cell.server.language) == ("greek", "latin")

    ran = run(tmp_path, [mine], [fake_case(who)])
    assert outcomes(ran) == {"who": Outcome.PASSED}
    assert [program.name for program in ran.programs] == ["mine server", "mine client"]
