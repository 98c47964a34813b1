"""A cell's run: which abilities its permutations rely on, and which programs it is of."""

import pytest

from conformance.runner.case import Case
from conformance.runner.cell import Cell
from conformance.runner.cell_run import CellRun, Ends
from conformance.runner.config import PLAINTEXT, Config, KeyType, Security
from conformance.runner.outcome import Outcome
from conformance.runner.plan import CellName, Permutation
from proto import session_pb2

P521 = Config(Security.TLS, KeyType.P521)
P521_MTLS = Config(Security.MTLS, KeyType.P521)
CELL = CellName("go", "go", P521)


async def nothing(_: Cell) -> None:
    """Does nothing."""


class Up:
    """What a cell's run sees of a program that is up."""

    def __init__(self, name: str, *supports: str) -> None:
        self.name = name
        self.hello = session_pb2.Hello(supports=supports)
        self.end = object()
        self.used = 0


def a_run(ends: tuple[object, object, object], *cases: Case, config: Config = PLAINTEXT) -> CellRun:
    """The run of a cell over such programs."""
    name = CellName("go", "go", config)
    return CellRun(name, [Permutation(name, case) for case in cases], Ends(*ends))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("server", "client", "relies_on", "config", "unclaimed"),
    [
        ([], [], (), PLAINTEXT, ""),
        (["gzip_response"], [], ("gzip_response",), PLAINTEXT, ""),
        ([], ["gzip_response"], ("gzip_response",), PLAINTEXT, "gzip_response by the server"),
        (["gzip_request"], [], ("gzip_request",), PLAINTEXT, "gzip_request by the client"),
        (["key_type:p521"], ["key_type:p521"], (), P521, ""),
        (["key_type:p521"], [], (), P521, "key_type:p521 by the client"),
        ([], ["key_type:p521"], (), P521_MTLS, "key_type:p521 by the server"),
        # It only signs.
        ([], ["key_type:p521"], (), P521, ""),
        (["key_type:p521"], None, (), P521, "key_type:p521 by the runner's own client"),
    ],
)
def test_abilities_are_those_of_their_role(
    server: list[str],
    client: list[str] | None,
    relies_on: tuple[str, ...],
    config: Config,
    unclaimed: str,
) -> None:
    one = Case("one", "s", nothing, (), "c", relies_on)
    its_client = None if client is None else Up("client", *client)
    run = a_run((Up("server", *server), its_client, None), one, config=config)
    assert run.unclaimed(run.busy[0]) == unclaimed


def test_the_runner_without_a_grpc_library_has_every_key_type() -> None:
    one = Case("one", "s", nothing, (), "c")
    run = a_run((Up("server", "key_type:p521"), None, None), one, config=P521_MTLS)
    assert run.unclaimed(run.busy[0], runner_grpc=False) == ""
    assert run.unclaimed(run.busy[0]) == "key_type:p521 by the runner's own client"
    without = a_run((Up("server"), None, None), one, config=P521_MTLS)
    assert without.unclaimed(run.busy[0], runner_grpc=False) == "key_type:p521 by the server"


def test_a_pass_without_a_connection_proves_nothing_of_a_key_type() -> None:
    server, client = Up("server"), Up("client")
    secured = a_run((server, client, None), config=P521)
    plaintext = a_run((server, client, None))
    for run in (secured, plaintext):
        assert run.proves(Outcome.PASSED)
        run.connected = False
        assert run.proves(Outcome.FAILED)
    assert not secured.proves(Outcome.PASSED)
    assert plaintext.proves(Outcome.PASSED)


def test_a_second_client_must_have_the_cell_s_key_type() -> None:
    one = Case("one", "s", nothing, (), "c", second_client=True)
    able, other = Up("server", "key_type:p521"), Up("rust client")
    assert a_run((able, able, able), one, config=P521).unclaimed(Permutation(CELL, one)) == ""
    run = a_run((able, able, other), one, config=P521)
    assert run.unclaimed(run.busy[0]) == "key_type:p521 by the rust client"


def test_each_program_is_one_of_the_run_s_once() -> None:
    server, client, second = Up("server"), Up("client"), Up("second")
    for ends, once in (
        ((server, client, second), ["server", "client", "second"]),
        ((server, client, client), ["server", "client"]),
        ((server, None, None), ["server"]),
    ):
        assert [supervisor.name for supervisor in a_run(ends).supervisors()] == once
    run = a_run((server, client, second))
    run.begun()
    assert (server.used, client.used, second.used) == (1, 1, 1)
    assert run.title.endswith(" with second")
