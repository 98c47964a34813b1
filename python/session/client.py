"""A client's session: frames to channels and calls, and what these give to frames."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent import futures

from proto import session_pb2
from python.calls import DEFAULT_RECEIVE_BYTES, Channel, Endpoint
from python.credentials import channel_credentials
from python.session.call import StreamCall, UnaryCall
from python.session.common import (
    KEY_TYPES,
    CommandError,
    hello,
    identity_of,
    literal,
    obey,
    read_commands,
    security_of,
)
from python.session.methods import Method, methods_of
from python.session.output import Writer
from python.session.report import Report
from python.threads import CallThreads

SUPPORTS = (*KEY_TYPES, "gzip_request", "wait_for_ready")

# For the ends of the calls that a session leaves open.
_CLOSE_SECONDS = 1.0

Call = UnaryCall | StreamCall


class OpenChannel:
    """A channel and the calls that run on it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._channel = Channel(endpoint)
        self._changed = threading.Condition()
        self._running: dict[int, Call] = {}
        self.methods = methods_of(self._channel)

    def add(self, number: int, call: Call) -> None:
        """Takes note of a call that has begun."""
        with self._changed:
            self._running[number] = call

    def remove(self, number: int) -> None:
        """Forgets a call that has ended."""
        with self._changed:
            del self._running[number]
            self._changed.notify()

    def close(self) -> None:
        """Cancels the calls, and closes the connections once they have ended, at most a second later.

        The other way round they would not end as cancelled.
        """
        with self._changed:
            calls = tuple(self._running.values())
        for call in calls:
            call.cancel()
        with self._changed:
            self._changed.wait_for(lambda: not self._running, _CLOSE_SECONDS)
        self._channel.close()


class ClientSession:
    """Obeys the commands of a runner, from one thread. `close` ends it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._channels: dict[int, OpenChannel | None] = {}  # None: closed
        self._calls: dict[int, Call] = {}
        self._highest = 0
        # A thread for each stream that is open, and for each channel that is closing.
        self._threads = CallThreads()
        self._handlers: dict[str, Callable[..., None]] = {
            "open_channel": self._open_channel,
            "close_channel": self._close_channel,
            "start": self._start,
            "send": lambda send: self._with_call(send.call, lambda c: c.send(send.requests)),
            "half_close": lambda end: self._with_call(end.call, lambda c: c.half_close()),
            "receive": lambda more: self._with_call(more.call, lambda c: c.receive(more.credit)),
            "cancel": lambda cancel: self._with_call(cancel.call, lambda c: c.cancel()),
        }
        writer.send(hello(session_pb2.ROLE_CLIENT, SUPPORTS))

    def obey(self, commands: Iterable[session_pb2.Command]) -> None:
        """Does what the commands say, or answers with a Failure."""
        for command in commands:
            obey(self._handlers, command, self._writer.send)

    def close(self) -> None:
        """Cancels what is open and waits for its end, at most a second."""
        closing = [
            self._threads.submit(channel.close)
            for channel in self._channels.values()
            if channel is not None
        ]
        futures.wait(closing, _CLOSE_SECONDS)

    def _open_channel(self, command: session_pb2.OpenChannel) -> None:
        if command.channel == 0 or command.channel in self._channels:
            raise CommandError(f"channel: {command.channel} given, a new number from 1 expected")
        self._channels[command.channel] = OpenChannel(endpoint_of(command))

    def _close_channel(self, command: session_pb2.CloseChannel) -> None:
        channel = self._open(command.channel)
        self._channels[command.channel] = None
        self._threads.submit(channel.close)

    def _open(self, number: int) -> OpenChannel:
        channel = self._channels.get(number)
        if channel is None:
            raise CommandError(f"channel: {number} given, which is not open")
        return channel

    def _start(self, start: session_pb2.Start) -> None:
        channel = self._open(start.channel)
        method = channel.methods.get(start.rpc)
        if method is None:
            raise CommandError(f"rpc: {start.rpc} given, a method expected")
        self._check(start, method)
        self._highest = start.call
        report = Report(start.call, self._writer)
        call = (UnaryCall if method.is_unary else StreamCall)(method, start, report)
        self._calls[start.call] = call
        channel.add(start.call, call)

        def ended() -> None:
            # Before the status is told: what comes for the call then is passed over.
            del self._calls[start.call]
            channel.remove(start.call)

        if isinstance(call, UnaryCall):
            call.run(ended)
        else:
            self._threads.submit(call.run, ended)

    def _check(self, start: session_pb2.Start, method: Method) -> None:
        if start.call <= self._highest:
            raise CommandError(f"call: {start.call} given, a number over {self._highest} expected")
        if start.timeout_ns < 0:
            raise CommandError(f"timeout_ns: {start.timeout_ns} given, 0 or more expected")
        if len(start.requests) != 1 and not method.sends_stream:
            raise CommandError(f"requests: {len(start.requests)} given, exactly 1 expected")
        method.check(start.requests)

    def _with_call(self, number: int, do: Callable[[Call], None]) -> None:
        call = self._calls.get(number)
        if call is not None:
            do(call)
        elif number == 0 or number > self._highest:
            raise CommandError(f"call: {number} given, which never was one")


def endpoint_of(command: session_pb2.OpenChannel) -> Endpoint:
    """The server of a channel. Raises CommandError, CredentialsError."""
    host = literal(command.host)
    if not 0 < command.port <= 65535:
        raise CommandError(f"port: {command.port} given, 1 to 65535 expected")
    security = security_of(command)
    credentials = None
    if security != "plaintext":
        own = security == "mtls" and command.HasField("identity")
        identity = identity_of(command.identity) if own else None
        credentials = channel_credentials(command.roots_pem, identity)
    target = f"ipv6:[{host}]:{command.port}" if ":" in host else f"ipv4:{host}:{command.port}"
    max_receive_bytes = command.max_receive_bytes or DEFAULT_RECEIVE_BYTES
    return Endpoint(target, credentials, command.server_name, max_receive_bytes)


def serve(writer: Writer, source: int) -> None:
    """Obeys the commands read from a file descriptor until its end. Raises FrameError."""
    session = ClientSession(writer)
    try:
        read_commands(source, session.obey)
    finally:
        session.close()
        writer.close(timeout=_CLOSE_SECONDS)
