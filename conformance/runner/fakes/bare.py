"""A program without a session and without gRPC, which misbehaves when it is told to.

    bare.py server [BEHAVIOUR ...] --port 0 --tls-mode none ...
    bare.py client [BEHAVIOUR ...] OPERATION ...

As a server it accepts connections and never answers one; as a client it knows `get` and `put`, which it
answers by what the key says. The behaviours are those of SERVERS and CLIENTS.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Final, NoReturn

READY: Final = "Server listening on 127.0.0.1:"


def fail(reason: str, code: int) -> None:
    """Ends with a reason, and of wrong usage with the usage."""
    print(
        reason, *(["usage: bare ..."] if code == 2 else []), sep="\n", file=sys.stderr, flush=True
    )
    os._exit(code)


def hang() -> NoReturn:
    """Does nothing for ever."""
    while True:
        signal.pause()


def say(text: str, end: str = "\n") -> NoReturn:
    """Says something else than it should, and lives on."""
    print(text, end=end, flush=True)
    hang()


def leave() -> None:
    """Prints its ready line and ends."""
    ready(1)
    os._exit(0)


def ready(port: int, more: str = "") -> None:
    """Prints the ready line."""
    print(f"{READY}{port}\n{more}", end="", flush=True)


def served(more: str = "", calls: bool = True) -> None:
    """Listens; where no calls are wanted the first one ends it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ready(listening.getsockname()[1], more)
        if not calls:
            # Kept: the caller's connection ends with this program, not before it.
            _call, _ = listening.accept()
            fail("something terrible happened", 7)
        hang()


def closed() -> None:
    """Says that it listens on a port where nobody does."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ready(taken.getsockname()[1])
        hang()


SERVERS: Final[dict[str, Callable[[], None]]] = {
    "exit": lambda: fail("no such planet", 3),
    "exit_quietly": lambda: os._exit(0),
    "silent": hang,
    "garbage": lambda: say("Hello, world"),
    "endless_line": lambda: say("x" * (1 << 20), end=""),
    "no_port": lambda: say(f"{READY}none"),
    "second_line": lambda: served(f"{READY}2\n"),
    "ready_and_gone": leave,
    "nobody_listens": closed,
    "ends_at_a_call": lambda: served(calls=False),
    "plain": served,
}


def answer(key: str) -> None:
    """What `get` of a key prints, and how it ends."""
    match key:
        case "missing":
            print("NOT_FOUND: key not found: missing", file=sys.stderr)
            sys.exit(69)
        case "mumbles":
            print("NOT_FOUND, so to say", file=sys.stderr)
            sys.exit(69)
        case "other":
            sys.exit(4)
        case "noisy":
            print("an answer", flush=True)
            print("NOT_FOUND: key not found: noisy", file=sys.stderr)
            sys.exit(69)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            hang()
    print(key)


def operate(words: list[str]) -> None:
    """Calls, of nobody."""
    port = int(words[words.index("--server") + 1].rpartition(":")[2])
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        print("UNAVAILABLE: nobody listens", file=sys.stderr)
        sys.exit(78)
    if words[0] == "get":
        answer(words[-1])
    else:
        print("OK")


CLIENTS: Final[dict[str, Callable[[list[str]], None]]] = {
    "exit": lambda words: fail("no such planet", 3),
    "always_ok": lambda words: print("OK"),
    "silent": lambda words: hang(),
    "plain": operate,
}


def main(argv: list[str]) -> None:
    """Plays the program that the arguments describe."""
    role, behaviour, *words = argv
    if "--version" in words:
        fail("no flag --version", 2)
    if "--session" in words or "--conformance" in words:
        fail(f"no flag {words[0]}", 2)
    if role == "server":
        SERVERS[behaviour]()
    else:
        CLIENTS[behaviour](words)


if __name__ == "__main__":
    main(sys.argv[1:])
