"""A cell's live ends: both sessions, the server's listener and the channel to it."""

from typing import TYPE_CHECKING, NamedTuple

from conformance.runner.config import Config, KeyType, Security
from conformance.runner.ends import (
    WIRE_SECURITY,
    ChannelChanges,
    Endpoint,
    ListenerChanges,
    Program,
)
from conformance.runner.expect import Mismatch
from conformance.runner.identities import Material
from conformance.runner.inexpressible import Inexpressible
from conformance.runner.session import Session
from conformance.runner.spoken import (
    DIRECTIVES,
    METADATA,
    OBSERVATIONS,
    VERSION,
    ClientEnd,
    client_end,
    server_end,
)
from conformance.runner.way import Way
from proto import session_pb2

if TYPE_CHECKING:
    import grpc

HOST = "127.0.0.1"

# The runner's own client, in the place of a program. Its TLS stack, BoringSSL, verifies no P-521.
_RUNNER_KEY_TYPES = frozenset(KeyType) - {KeyType.NONE, KeyType.P521}
RUNNER_PROGRAM = Program(
    "runner", session_pb2.Hello(), frozenset(f"key_type:{key}" for key in _RUNNER_KEY_TYPES)
)


class End(NamedTuple):
    """A program that is up."""

    program: Program
    session: Session


class Link:
    """What the permutations of a cell share; made when both ends are up, gone with either."""

    def __init__(
        self,
        config: Config,
        client: End | None,
        server: End,
        endpoint: Endpoint,
        material: Material | None,
    ) -> None:
        """Opens the cell's channel; without a client the runner itself calls the server."""
        self.config = config
        self.client_program = client.program if client else RUNNER_PROGRAM
        self._server_program = server.program
        self.server = server_end(server.session, server.program.way)
        self.endpoint = endpoint
        self.material = material
        self._client = client_end(client.session, client.program.way) if client else None
        self.channel = self._client.open_channel(self.channel_command({})) if self._client else 0

    @property
    def client(self) -> ClientEnd:
        """The client; Mismatch where the runner is the client."""
        if self._client is None:
            raise Mismatch("a case of the runner's own client cannot use a client program")
        return self._client

    @property
    def server_program(self) -> Program:
        """The server's program; Inexpressible where it has not said what it is."""
        program = self._server_program
        if program.way is not Way.SESSION and not program.language:
            raise Inexpressible(VERSION)
        return program

    @property
    def alone(self) -> bool:
        """Whether the server's process is one permutation's own, which needs no store of another name."""
        return self._server_program.way is Way.FLAGS

    def expect_obeyed(self, directive: session_pb2.Directive | bytes | None) -> None:
        """Raises Inexpressible for a directive that the server does not obey in full."""
        way = self._server_program.way
        if directive is None or way is Way.SESSION:
            return
        if self.client_program.way is not Way.SESSION:
            raise Inexpressible(METADATA)
        if way is Way.FLAGS:
            raise Inexpressible(DIRECTIVES)
        if not isinstance(directive, bytes) and directive.tag:
            raise Inexpressible(OBSERVATIONS)

    def close(self) -> None:
        """Closes the cell's channel."""
        if self._client is not None:
            self._client.close_channel(self.channel)

    def channel_command(self, changes: ChannelChanges) -> session_pb2.OpenChannel:
        """What opens a channel like the cell's own, but for the changes."""
        security = changes.get("security", self.config.security)
        opening = session_pb2.OpenChannel(
            host=changes.get("host", self.endpoint.host),
            port=changes.get("port", self.endpoint.port),
            security=WIRE_SECURITY[security],
            max_receive_bytes=changes.get("max_receive_bytes", 0),
        )
        material = self.material
        if security is not Security.PLAINTEXT:
            default = material.roots_pem if material else b""
            opening.roots_pem = changes.get("roots_pem", default)
            opening.server_name = changes.get("server_name", "localhost")
        own = material.client if material and security is Security.MTLS else None
        if identity := changes.get("identity", own):
            opening.identity.CopyFrom(identity)
        return opening

    def listen_command(self, changes: ListenerChanges) -> session_pb2.Listen:
        """What opens a listener like the cell's own, but for the changes."""
        return listen_command(self.config, self.material, changes)

    def grpc_credentials(self) -> "grpc.ChannelCredentials | None":
        """Credentials for the runner's own client; None in plaintext."""
        if self.material is None:
            return None
        # Loading grpc takes a fifth of a second, which most runs can do without.
        import grpc

        own = self.material.client if self.config.security is Security.MTLS else None
        return grpc.ssl_channel_credentials(
            self.material.roots_pem,
            own.key_pem if own else None,
            own.chain_pem if own else None,
        )


def listen_command(
    config: Config, material: Material | None, changes: ListenerChanges
) -> session_pb2.Listen:
    """What opens a listener of a config, but for the changes."""
    security = changes.get("security", config.security)
    listen = session_pb2.Listen(
        host=changes.get("host", HOST),
        security=WIRE_SECURITY[security],
        max_receive_bytes=changes.get("max_receive_bytes", 0),
    )
    own = material.server if material and security is not Security.PLAINTEXT else None
    if identity := changes.get("identity", own):
        listen.identity.CopyFrom(identity)
    if security is Security.MTLS:
        listen.client_roots_pem = changes.get(
            "client_roots_pem", material.roots_pem if material else b""
        )
    return listen
