"""The program `stock_client`: options, then one operation or a session."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from python.grammar import UsageError
from python.options import ClientOptions, client_usage, parse_client
from python.program import INTERNAL, OK, USAGE, main, tell

if TYPE_CHECKING:
    import grpc

    from python.calls import Endpoint

RPC, INTERRUPTED = 64, 130


def run(argv: Sequence[str]) -> int:
    """Runs one operation, or a session; gives the exit code."""
    try:
        options = parse_client(argv)
        if options.show:
            return show(options.show)
        return run_session() if options.session else run_operation(options)
    except UsageError as error:
        tell(str(error), client_usage())
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def show(what: str) -> int:
    """Prints the help or the version."""
    if what == "help":
        print(client_usage())
    else:
        from python import about

        print(f"stock_client {about.VERSION} {about.LANGUAGE} {about.LIBRARY}")
    return OK


def run_operation(options: ClientOptions) -> int:
    """Calls and prints. Raises UsageError for arguments that do not fit the operation."""
    # A failed RPC is one line, and the library's own log would be more.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    import grpc

    from python.calls import Channel
    from python.credentials import CredentialsError
    from python.operations import prepare

    operate = prepare(options, sys.stdin.buffer)
    try:
        endpoint = endpoint_of(options)
    except CredentialsError as error:
        tell(str(error))
        return USAGE
    with Channel(endpoint) as channel:
        try:
            return operate(channel, sys.stdout.buffer)
        except grpc.RpcError as error:
            return explain(error)


def endpoint_of(options: ClientOptions) -> Endpoint:
    """The server that the options name. Raises CredentialsError."""
    from python.calls import Endpoint
    from python.credentials import Identity, channel_credentials, read

    if not options.tls:
        return Endpoint(options.server, max_receive_bytes=options.max_receive_bytes)
    identity = None
    if options.cert_file is not None and options.key_file is not None:
        identity = Identity(read(options.cert_file), read(options.key_file))
    roots = None if options.ca_file is None else read(options.ca_file)
    return Endpoint(
        options.server,
        channel_credentials(roots, identity),
        options.server_name or "",
        options.max_receive_bytes,
    )


def explain(error: grpc.RpcError) -> int:
    """Prints the line that a failed RPC deserves; the exit code."""
    number: int = error.code().value[0]
    tell(f"{error.code().name}: {error.details() or ''}")
    return RPC + number


def run_session() -> int:
    """Calls what the runner asks for over the standard streams."""
    from python.session.client import serve
    from python.session.frames import FrameError
    from python.session.output import Writer, take_output

    writer = Writer(take_output())
    try:
        serve(writer, sys.stdin.fileno())
    except FrameError as error:
        tell(str(error))
        return INTERNAL
    return OK


if __name__ == "__main__":
    main(run)
