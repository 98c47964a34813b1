"""What the sessions of both programs share: Hello, the answers to commands, and reading and writing of frames."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterable

from proto import session_pb2
from python import about
from python.credentials import CredentialsError, Identity
from python.session.frames import Decoder

PROTOCOL = 1

# What BoringSSL verifies: it has no P-521.
KEY_TYPES = ("key_type:rsa2048", "key_type:rsa4096", "key_type:p256", "key_type:p384")

SECURITIES = {
    session_pb2.SECURITY_PLAINTEXT: "plaintext",
    session_pb2.SECURITY_TLS: "tls",
    session_pb2.SECURITY_MTLS: "mtls",
}

_CHUNK_BYTES = 1 << 16


class CommandError(Exception):
    """A command that cannot be obeyed; the text is the reason of the Failure."""


def read_commands(source: int, take: Callable[[list[session_pb2.Command]], None]) -> None:
    """Hands over the commands read from a file descriptor until its end, those that come together at once.

    Raises FrameError.
    """
    decoder = Decoder()
    while chunk := os.read(source, _CHUNK_BYTES):
        if commands := list(decoder.feed(chunk)):
            take(commands)
    decoder.finish()


def obey(
    handlers: dict[str, Callable[..., None]],
    command: session_pb2.Command,
    send: Callable[[session_pb2.Event], None],
) -> None:
    """Does what a command says by the handler of its kind, or answers with a Failure."""
    kind = command.WhichOneof("command")
    try:
        if kind not in handlers:
            expected = ", ".join(handlers)
            raise CommandError(f"command: {kind or 'none'} given, one of {expected} expected")
        handlers[kind](getattr(command, kind))
    except (CommandError, CredentialsError) as error:
        failure = session_pb2.Failure(id=command.id, reason=str(error))
        send(session_pb2.Event(failure=failure))


def hello(role: session_pb2.Role.ValueType, supports: Iterable[str]) -> session_pb2.Event:
    """The first frame of a program."""
    return session_pb2.Event(
        hello=session_pb2.Hello(
            protocol=PROTOCOL,
            language=about.LANGUAGE,
            role=role,
            library=about.LIBRARY,
            runtime=about.RUNTIME,
            transport=about.TRANSPORT,
            tls_stack=about.TLS_STACK,
            supports=supports,
            version=about.VERSION,
        )
    )


def security_of(command: session_pb2.Listen | session_pb2.OpenChannel) -> str:
    """`plaintext`, `tls` or `mtls`. Raises CommandError."""
    security = SECURITIES.get(command.security)
    if security is None:
        raise CommandError(f"security: {command.security} given, plaintext, tls or mtls expected")
    return security


def literal(host: str) -> str:
    """A literal address as it is normally written. Raises CommandError."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        raise CommandError(f"host: {host!r} given, a literal address expected") from None


def identity_of(identity: session_pb2.Identity) -> Identity:
    """An identity as the credentials take it."""
    return Identity(identity.chain_pem, identity.key_pem)
