"""A server's session: frames to listeners, all over the same stores, and observations to frames."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterable

import grpc

from proto import session_pb2
from python.credentials import server_credentials
from python.directive import DirectiveInterceptor
from python.listener import DEFAULT_RECEIVE_BYTES, BindError, Binding, Listener, describe
from python.session.common import (
    KEY_TYPES,
    CommandError,
    hello,
    identity_of,
    literal,
    obey,
    security_of,
)
from python.session.output import Writer
from python.store import Stores

SUPPORTS = (
    *KEY_TYPES,
    "gzip_response",
    "reflection_v1",
    "reflection_v1alpha",
    "observe_peer",
)


class ServerSession:
    """Obeys the commands of a runner. `drain` ends it."""

    def __init__(self, writer: Writer, stores: Stores | None = None) -> None:
        self._writer = writer
        self._stores = stores or Stores()
        self._directives = DirectiveInterceptor(self._stores, self._observed)
        self._listeners: dict[int, Listener] = {}
        self._used: set[int] = set()
        self._lock = threading.Lock()
        self._handlers: dict[str, Callable[..., None]] = {
            "listen": self._listen,
            "stop": self._stop,
            "forget": self._forget,
        }
        writer.send(hello(session_pb2.ROLE_SERVER, SUPPORTS))

    def obey(self, commands: Iterable[session_pb2.Command]) -> None:
        """Does what the commands say, or answers with a Failure."""
        for command in commands:
            obey(self._handlers, command, self._writer.send)

    def drain(self, grace_seconds: float) -> None:
        """Drains every listener; blocks until their calls have ended or the grace is over."""
        with self._lock:
            listeners = tuple(self._listeners.values())
        threads = [
            threading.Thread(target=listener.drain, args=(grace_seconds,)) for listener in listeners
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._writer.close(timeout=1)

    def _listen(self, listen: session_pb2.Listen) -> None:
        if listen.listener == 0 or listen.listener in self._used:
            raise CommandError(f"listener: {listen.listener} given, a new number from 1 expected")
        listener = self._open(listen, security_of(listen))
        self._used.add(listen.listener)
        with self._lock:
            self._listeners[listen.listener] = listener
        listening = session_pb2.Listening(listener=listen.listener, port=listener.port)
        self._writer.send(session_pb2.Event(listening=listening))

    def _open(self, listen: session_pb2.Listen, security: str) -> Listener:
        binding = Binding(
            literal(listen.host),
            _port(listen.port),
            _credentials(listen, security),
            listen.max_receive_bytes or DEFAULT_RECEIVE_BYTES,
        )
        try:
            return Listener(binding, self._stores, describe(security), self._directives)
        except BindError as error:
            raise CommandError(error) from None

    def _stop(self, stop: session_pb2.Stop) -> None:
        with self._lock:
            listener = self._listeners.pop(stop.listener, None)
        if listener is None:
            raise CommandError(f"listener: {stop.listener} given, which is not open")
        threading.Thread(target=self._drain_one, args=(stop, listener), daemon=True).start()

    def _drain_one(self, stop: session_pb2.Stop, listener: Listener) -> None:
        listener.drain(stop.grace_ms / 1000)
        self._writer.send(session_pb2.Event(stopped=session_pb2.Stopped(listener=stop.listener)))

    def _forget(self, forget: session_pb2.Forget) -> None:
        self._stores.forget(forget.stores)

    def _observed(self, tag: str, observation: session_pb2.Observation) -> None:
        observed = session_pb2.Observed(tag=tag, observation=observation)
        self._writer.send(session_pb2.Event(observed=observed))


def _credentials(listen: session_pb2.Listen, security: str) -> grpc.ServerCredentials | None:
    if security == "plaintext":
        if not ipaddress.ip_address(listen.host).is_loopback:
            raise CommandError(f"host: {listen.host} given, plaintext is for loopback")
        return None
    roots = listen.client_roots_pem if security == "mtls" else None
    return server_credentials(identity_of(listen.identity), roots)


def _port(port: int) -> int:
    if port > 65535:
        raise CommandError(f"port: {port} given, at most 65535 expected")
    return port
