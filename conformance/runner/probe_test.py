"""Programs from elsewhere: each is found out to be driven in some way, or one line says why in none."""

import asyncio
import sys
from pathlib import Path

import pytest

from conformance.runner import probe as probe_module
from conformance.runner.brought import Brought, BroughtError
from conformance.runner.fakes import bare
from conformance.runner.fakes.bench import command
from conformance.runner.probe import probe
from conformance.runner.process import environment
from conformance.runner.way import Way

UNFIT = (
    ("exit", "the server exited with 3 and said 'no such planet', before its ready line"),
    ("exit_quietly", "the server exited with 0, before its ready line"),
    ("garbage", "the server expected `Server listening on HOST:PORT`, got b'Hello, world"),
    ("endless_line", "the server printed a line without end instead of its ready line"),
    ("no_port", "got b'Server listening on 127.0.0.1:none"),
    ("second_line", "the server said more on standard output than its ready line"),
    ("ready_and_gone", "nobody does: "),
    ("nobody_listens", "the server says that it listens, and nobody does: "),
)


def fake(role: str, behaviour: str) -> Brought:
    """A program without a session."""
    program = (sys.executable, bare.__file__, role, behaviour)
    return Brought("mine", program if role == "server" else (), program if role == "client" else ())


def way(brought: Brought) -> Way:
    """How the one program is driven."""
    [found] = asyncio.run(probe([brought], environment({}))).values()
    return found


@pytest.mark.parametrize("role", ["server", "client"])
def test_a_session_is_found(role: str) -> None:
    program = command(role, "any")
    brought = Brought("mine", program, ()) if role == "server" else Brought("mine", (), program)
    assert way(brought) is Way.SESSION


@pytest.mark.parametrize("role", ["server", "client"])
def test_flags_are_found(role: str) -> None:
    assert way(fake(role, "plain")) is Way.FLAGS


@pytest.mark.parametrize(("behaviour", "reason"), UNFIT, ids=[name for name, _ in UNFIT])
def test_a_server_that_is_none(behaviour: str, reason: str) -> None:
    with pytest.raises(BroughtError) as raised:
        way(fake("server", behaviour))
    told = str(raised.value)
    assert told.startswith("implementation mine: the server ")
    assert "neither by a session (it exited with 2 and said 'no flag --session')" in told
    assert reason in told
    assert "\n" not in told


CLIENTS = (
    ("exit", "the client exited with 3 and said 'no such planet'"),
    ("always_ok", "expected `get` to end with UNAVAILABLE where no server is, got OK"),
)


@pytest.mark.parametrize(("behaviour", "reason"), CLIENTS, ids=[name for name, _ in CLIENTS])
def test_a_client_that_is_none(behaviour: str, reason: str) -> None:
    with pytest.raises(BroughtError, match=reason):
        way(fake("client", behaviour))


def test_who_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_module, "HELLO_SECONDS", 0.5)
    monkeypatch.setattr(probe_module, "_ANSWER_SECONDS", 3.0)
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o755)
    with pytest.raises(BroughtError, match=r"it did not say Hello within 0.5 s\) nor by its flags"):
        way(Brought("mine", (str(silent),)))


def test_what_cannot_be_started(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    # An ELF header of another machine.
    foreign.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xf3\x00" + bytes(44))
    foreign.chmod(0o755)
    with pytest.raises(BroughtError) as raised:
        way(Brought("mine", (), (str(foreign),)))
    reason = f"the client {foreign} cannot be started: Exec format error"
    assert str(raised.value) == f"implementation mine: {reason}"


def test_programs_in_each_others_place() -> None:
    with pytest.raises(BroughtError, match="said in its Hello: protocol 1, client; expected"):
        way(Brought("mine", command("client", "any")))


def test_of_several_the_first_that_is_wrong_is_named() -> None:
    many = [fake("server", "plain"), fake("client", "exit")._replace(name="other")]
    with pytest.raises(BroughtError, match="implementation other: the client"):
        asyncio.run(probe(many, environment({})))
