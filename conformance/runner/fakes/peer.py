"""A program that speaks the session protocol without gRPC, and misbehaves when it is told to.

    peer.py ROLE LANGUAGE [BEHAVIOUR ...]

As a client it answers a Get by what its key says (ANSWERS); as a server it claims to listen. The
behaviours concern the session itself (BEHAVIOURS, and the lies of its beginning, HELLOS). With
`answer:NAME` it is the Get of the key `lie` that NAME answers, so that only this client lies.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from proto import session_pb2

ROLES: Final = {"server": session_pb2.ROLE_SERVER, "client": session_pb2.ROLE_CLIENT}
BEHAVIOURS: Final = frozenset(
    {
        "exit_at_start",
        "no_hello",
        "garbage_for_hello",
        "refuse_listen",
        "silent_listen",
        "listen_twice",
        "listen_elsewhere",
        "crash_at_listen",
        "hang_at_listen",
        "endless_log",
        "outlive_input",
        "exit_badly",
        "leave_child",
        "silent_connect",
        "all_abilities",
    }
)


def write(event: session_pb2.Event) -> None:
    """Writes one frame."""
    write_bytes(framed(event))


def framed(event: session_pb2.Event) -> bytes:
    """The frame of an event."""
    message = event.SerializeToString()
    return len(message).to_bytes(4, "big") + message


def write_bytes(data: bytes) -> None:
    """Writes bytes as they are."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def answer(call: int, code: int = 0, value: bytes | None = None, message: str = "") -> None:
    """Ends a call, with a response where there is a value."""
    events = session_pb2.Events(call=call, at_ns=1_000_000)
    if value is not None:
        events.responses.add().get.value = value
    events.status.code = code
    events.status.message = message
    write(session_pb2.Event(events=events))


def hang(_: int) -> None:
    """Stops doing anything, without ending."""
    while True:
        signal.pause()


def crash(_: int) -> None:
    """Ends at once."""
    print("something terrible happened", file=sys.stderr, flush=True)
    os._exit(3)


def double(call: int) -> None:
    """Ends a call twice, with time for the runner to look between."""
    answer(call, 0, b"once")
    time.sleep(0.05)
    answer(call, 0, b"twice")


def half_frame(_: int) -> None:
    """Ends within a frame."""
    write_bytes((100).to_bytes(4, "big") + b"only a part")
    os._exit(0)


def stray_failure(call: int) -> None:
    """Refuses a command that was never given."""
    write(session_pb2.Event(failure=session_pb2.Failure(id=999_999, reason="stray")))
    answer(call, 0, b"stray_failure")


def close_output(_: int) -> None:
    """Takes its standard output back, without ending."""
    os.close(1)
    hang(0)


def listening(listener: int, times: int = 1) -> None:
    """Claims that a listener accepts connections; all claims in one write, so that none is late."""
    claim = session_pb2.Event(listening=session_pb2.Listening(listener=listener, port=1))
    write_bytes(framed(claim) * times)


def stopped(_: int) -> None:
    """Claims that a listener that nobody opened has stopped."""
    write(session_pb2.Event(stopped=session_pb2.Stopped(listener=7)))


def log_without_end() -> None:
    """Fills its log for as long as it lives."""
    line = b"a line that says nothing, and is said again\n"
    while True:
        os.write(2, line)


ANSWERS: Final[dict[str, Callable[[int], None]]] = {
    "missing": lambda call: answer(call, 5, None, "key not found: missing"),
    "silent": lambda call: None,
    "hang": hang,
    "crash": crash,
    "double": double,
    "unknown_call": lambda call: answer(call + 1000),
    "garbage": lambda call: write_bytes(b"\x00\x00\x00\x05\xff\xff\xff\xff\xff"),
    "too_long": lambda call: write_bytes(b"Traceback (most recent call last):"),
    "long_frame": lambda call: write_bytes((2**24 + 1).to_bytes(4, "big") + bytes(100)),
    "half_frame": half_frame,
    "close_output": close_output,
    "listening": lambda call: listening(7),
    "stopped": stopped,
    "call_zero": lambda call: answer(0),
    "killed": lambda call: os.kill(os.getpid(), signal.SIGKILL),
    "second_hello": lambda call: write(session_pb2.Event(hello=session_pb2.Hello())),
    "empty_event": lambda call: write(session_pb2.Event()),
    "stray_failure": stray_failure,
}


def obey(command: session_pb2.Command, behaviours: frozenset[str]) -> None:
    """Does what a command says."""
    kind = command.WhichOneof("command")
    if kind == "start":
        key = command.start.requests[0].get.key
        call = command.start.call
        if key == "connect" and "silent_connect" in behaviours:
            return
        if key == "lie":
            key = next((b.removeprefix("answer:") for b in behaviours if ":" in b), key)
        if key in ANSWERS:
            ANSWERS[key](call)
        else:
            answer(call, 0, key.encode())
    elif kind == "listen":
        listen(command, behaviours)
    elif kind == "stop":
        stopped = session_pb2.Stopped(listener=command.stop.listener)
        write(session_pb2.Event(stopped=stopped))
    elif kind is None:
        refuse(command, "nothing to do")


def refuse(command: session_pb2.Command, reason: str) -> None:
    """Answers Failure."""
    write(session_pb2.Event(failure=session_pb2.Failure(id=command.id, reason=reason)))


def listen(command: session_pb2.Command, behaviours: frozenset[str]) -> None:
    """Claims to listen, or not."""
    if "refuse_listen" in behaviours:
        refuse(command, "identity: unusable")
    elif "crash_at_listen" in behaviours:
        crash(0)
    elif "hang_at_listen" in behaviours:
        hang(0)
    elif "listen_elsewhere" in behaviours:
        listening(command.listen.listener + 1)
    elif "silent_listen" not in behaviours:
        listening(command.listen.listener, times=2 if "listen_twice" in behaviours else 1)


def other_role(hello: session_pb2.Hello) -> None:
    """Says that it is the other program."""
    others = {session_pb2.ROLE_SERVER: session_pb2.ROLE_CLIENT}
    hello.role = others.get(hello.role, session_pb2.ROLE_SERVER)


def half_hello(_: session_pb2.Hello) -> None:
    """Begins a frame, and no more."""
    write_bytes((100).to_bytes(4, "big") + b"only a part")
    hang(0)


# What is wrong with a Hello.
HELLOS: Final[dict[str, Callable[[session_pb2.Hello], object]]] = {
    "wrong_language": lambda hello: setattr(hello, "language", "latin"),
    "wrong_protocol": lambda hello: setattr(hello, "protocol", 2),
    "wrong_role": other_role,
    "empty_hello": lambda hello: hello.Clear(),
    "answer_before_hello": lambda _: stopped(0),
    "half_hello": half_hello,
    "ready_line": lambda _: write_bytes(b"Server listening on 127.0.0.1:1\n"),
    "close_output_at_start": lambda _: close_output(0),
}


def hello(role: str, language: str, behaviours: frozenset[str]) -> session_pb2.Event:
    """Who this program says it is."""
    said = session_pb2.Hello(protocol=1, language=language, role=ROLES[role], library="none 1.0")
    for name in behaviours & HELLOS.keys():
        HELLOS[name](said)
    if "all_abilities" in behaviours:
        said.supports.extend(["wait_for_ready", "gzip_request", "gzip_response"])
    return session_pb2.Event(hello=said)


def serve(behaviours: frozenset[str]) -> int:
    """Obeys until standard input ends; the exit code."""
    stdin = sys.stdin.buffer
    while head := stdin.read(4):
        message = stdin.read(int.from_bytes(head, "big"))
        obey(session_pb2.Command.FromString(message), behaviours)
    if "outlive_input" in behaviours:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        hang(0)
    return 7 if "exit_badly" in behaviours else 0


def main(argv: list[str]) -> int:
    """Plays the peer that the arguments describe."""
    role, language, *rest = [argument for argument in argv if not argument.startswith("--")]
    behaviours = frozenset(rest)
    answers = {f"answer:{name}" for name in ANSWERS}
    if unknown := behaviours - BEHAVIOURS - HELLOS.keys() - answers:
        raise ValueError(f"unknown behaviour: {unknown}")
    if "endless_log" in behaviours:
        threading.Thread(target=log_without_end, daemon=True).start()
    if "leave_child" in behaviours:
        child = subprocess.Popen(["sleep", "600"])
        print(f"child {child.pid}", file=sys.stderr, flush=True)
    if "exit_at_start" in behaviours:
        return 1
    if "no_hello" in behaviours:
        hang(0)
    if "garbage_for_hello" in behaviours:
        write_bytes(b"Usage: peer [OPTIONS]\n")
        hang(0)
    write(hello(role, language, behaviours))
    return serve(behaviours)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
