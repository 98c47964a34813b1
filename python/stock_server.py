"""The program `stock_server`: options, credentials, listen, ready line, drain."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from python.ends import Ends
from python.grammar import UsageError
from python.options import ServerOptions, parse_server, server_usage
from python.program import INTERNAL, OK, USAGE, main, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    import grpc

    from python.listener import Listener

CANNOT_BIND = 3

# After the grace, before the process ends whatever still runs.
_HARD_SECONDS = 0.5


def run(argv: Sequence[str]) -> int:
    """Serves until told to stop; gives the exit code."""
    try:
        options = parse_server(argv)
    except UsageError as error:
        tell(str(error), server_usage())
        return USAGE
    if options.show:
        return show(options.show)
    ends = Ends()
    return run_session(options, ends) if options.session else run_listener(options, ends)


def show(what: str) -> int:
    """Prints the help or the version."""
    if what == "help":
        print(server_usage())
    else:
        from python import about

        print(f"stock_server {about.VERSION} {about.LANGUAGE} {about.LIBRARY}")
    return OK


def run_listener(options: ServerOptions, ends: Ends) -> int:
    """Serves on one endpoint."""
    from python.credentials import CredentialsError
    from python.listener import BindError

    try:
        listener = listen(options)
    except (CredentialsError, OSError) as error:
        tell(str(error))
        return USAGE
    except BindError as error:
        tell(str(error))
        return CANNOT_BIND
    print(f"Server listening on {listener.endpoint}", flush=True)
    return drain(listener.drain, options.grace_seconds, ends)


def listen(options: ServerOptions) -> Listener:
    """Opens the listener. Raises CredentialsError, OSError for a file, BindError."""
    from python.directive import DirectiveInterceptor
    from python.listener import Binding, Listener, describe
    from python.store import Stores

    stores = Stores()
    binding = Binding(
        options.host, options.port, load_credentials(options), options.max_receive_bytes
    )
    directives = DirectiveInterceptor(stores) if options.conformance else None
    return Listener(binding, stores, describe(options.security), directives)


def load_credentials(options: ServerOptions) -> grpc.ServerCredentials | None:
    """The credentials the options name. Raises CredentialsError, OSError."""
    if options.cert_file is None or options.key_file is None:
        return None
    from python.credentials import Identity, read, server_credentials

    identity = Identity(read(options.cert_file), read(options.key_file))
    roots = None if options.client_ca_file is None else read(options.client_ca_file)
    return server_credentials(identity, roots)


def run_session(options: ServerOptions, ends: Ends) -> int:
    """Serves what the runner asks for over the standard streams."""
    from python.session.common import read_commands
    from python.session.frames import FrameError
    from python.session.output import Writer, take_output
    from python.session.server import ServerSession

    session = ServerSession(Writer(take_output()))
    code = OK

    def read() -> None:
        nonlocal code
        try:
            read_commands(sys.stdin.fileno(), session.obey)
        except FrameError as error:
            tell(str(error))
            code = INTERNAL
        finally:
            ends.put()

    threading.Thread(target=read, name="commands", daemon=True).start()
    drain(session.drain, options.grace_seconds, ends)
    return code


def drain(drain_all: Callable[[float], None], grace_seconds: float, ends: Ends) -> int:
    """Waits for the end, then drains. Comes back at the grace at the latest, at once for a second signal."""
    ends.wait()

    def drain_and_tell() -> None:
        drain_all(grace_seconds)
        ends.put()

    threading.Thread(target=drain_and_tell, name="drain", daemon=True).start()
    if not ends.wait(grace_seconds + _HARD_SECONDS):
        tell("calls outlived the grace")
    return OK


if __name__ == "__main__":
    main(run)
