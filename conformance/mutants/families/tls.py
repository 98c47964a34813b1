"""Peers whose TLS is wrong: what they overlook at the other end, by a relay where the library cannot be switched."""

import dataclasses
import ssl
from collections.abc import Callable
from typing import Any

import grpc
from cryptography import x509

from conformance.certs.authority import Identity
from conformance.certs.contexts import also_tls_1_1
from conformance.mutants import relays
from conformance.mutants.mutant import Role, mutant, switch
from conformance.mutants.relays import ClientRelay, Material, ServerRelay, SniffingRelay, Tls
from conformance.mutants.verifier import Fault, common_name, has_names, is_address
from conformance.runner.config import Config, KeyType, Security
from conformance.runner.ends import Endpoint
from python import calls, credentials
from python.listener import Binding, Listener
from python.service import StockService
from python.session import client as session_client
from python.session import server as session_server

TLS = Config(Security.TLS, KeyType.P256)
MTLS = Config(Security.MTLS, KeyType.P256)

# X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python has no name for.
_NO_CHECK_TIME = 0x200000


def client_tls(wrong: Tls) -> None:
    """Puts a relay's TLS in the place of the library's in every channel."""

    @switch(session_client, "channel_credentials")
    def channel_credentials(
        original: Any, roots_pem: bytes, identity: credentials.Identity | None
    ) -> Material:
        return Material(roots_pem, _own(identity))

    @switch(calls.Channel, "__init__")
    def init(original: Any, self: calls.Channel, endpoint: calls.Endpoint) -> None:
        material: object = endpoint.credentials
        if isinstance(material, Material):
            host, _, port = endpoint.target.removeprefix("ipv4:").rpartition(":")
            name = endpoint.server_name or host
            relay = ClientRelay(Endpoint(host, int(port), 0), name, material, wrong)
            vars(self)["relay"] = relay
            target = f"ipv4:{relays.begin(relay).target}"
            endpoint = dataclasses.replace(endpoint, target=target, credentials=None)
        original(self, endpoint)

    @switch(calls.Channel, "close")
    def close(original: Any, self: calls.Channel) -> None:
        original(self)
        if relay := vars(self).get("relay"):
            relays.end(relay)


def server_tls(wrong: Tls) -> None:
    """Puts a relay's TLS in the place of the library's before every listener."""

    @switch(session_server, "server_credentials")
    def server_credentials(
        original: Any, identity: credentials.Identity, roots_pem: bytes | None
    ) -> Material:
        return Material(roots_pem, _own(identity))

    @switch(Listener, "_bind")
    def bind(original: Any, self: Listener, address: str, binding: Binding) -> int:
        material: object = binding.credentials
        if not isinstance(material, Material):
            return int(original(self, address, binding))
        port = original(self, address, dataclasses.replace(binding, credentials=None))
        return before(self, ServerRelay(Endpoint(address, port, 0), material, wrong))

    end_relays()


def before(listener: Listener, relay: Any) -> int:
    """Begins a listener's relay, which ends with it; its port."""
    vars(listener)["relay"] = relay
    return relays.begin(relay).port


def end_relays() -> None:
    """Has every listener end its relay."""

    @switch(Listener, "drain")
    def drain(original: Any, self: Listener, grace_seconds: float) -> None:
        original(self, grace_seconds)
        if relay := vars(self).get("relay"):
            relays.end(relay)


def _own(identity: credentials.Identity | None) -> Identity | None:
    return Identity(identity.chain_pem, identity.key_pem) if identity else None


def _always(*forgiven: Fault) -> Callable[[x509.Certificate, str, set[Fault]], set[Fault]]:
    return lambda leaf, name, found: {*forgiven}


# Clients.


@mutant(Role.CLIENT, "refuses_unknown_ca", config=TLS)
def trusts_any_authority() -> None:
    """The client takes the word of any authority."""
    client_tls(Tls(forgives=_always(Fault.AUTHORITY)))


@mutant(Role.CLIENT, "refuses_expired_server", config=TLS)
def takes_expired_servers() -> None:
    """The client does not look at the end of a certificate's time."""
    client_tls(Tls(forgives=_always(Fault.LATE)))


@mutant(Role.CLIENT, "refuses_not_yet_valid_server", config=TLS)
def takes_servers_of_tomorrow() -> None:
    """The client does not look at the beginning of a certificate's time."""
    client_tls(Tls(forgives=_always(Fault.EARLY)))


@mutant(Role.CLIENT, "refuses_wrong_name", "refuses_wrong_address", "refuses_no_san", config=TLS)
def takes_any_name() -> None:
    """The client does not look at a certificate's names."""
    client_tls(Tls(forgives=_always(Fault.NAME)))


@mutant(Role.CLIENT, "refuses_wrong_address", config=TLS)
def takes_any_name_at_an_address() -> None:
    """The client looks at names only where it has one."""

    def forgives(leaf: x509.Certificate, name: str, found: set[Fault]) -> set[Fault]:
        return {Fault.NAME} if is_address(name) else set()

    client_tls(Tls(forgives=forgives))


@mutant(Role.CLIENT, "refuses_no_san", config=TLS)
def takes_common_names() -> None:
    """The client takes a subject's common name for a name where there is no other."""

    def forgives(leaf: x509.Certificate, name: str, found: set[Fault]) -> set[Fault]:
        return {Fault.NAME} if not has_names(leaf) and common_name(leaf) == name else set()

    client_tls(Tls(forgives=forgives))


@mutant(Role.CLIENT, "refuses_client_only_server", config=TLS)
def takes_clients_for_servers() -> None:
    """The client does not look at what a certificate may be used for."""
    client_tls(Tls(forgives=_always(Fault.USAGE)))


@mutant(Role.CLIENT, "refuses_tls_1_1_server", config=TLS)
def dials_with_tls_1_1() -> None:
    """The client goes down to TLS 1.1."""
    client_tls(Tls(context=also_tls_1_1))


@mutant(Role.CLIENT, "refuses_server_without_alpn", config=TLS)
def needs_no_alpn_of_servers() -> None:
    """The client speaks HTTP/2 to a server that has not chosen it."""
    client_tls(Tls(needs_alpn=False))


@mutant(Role.CLIENT, "refuses_plaintext_server", config=TLS)
def falls_back_to_plaintext() -> None:
    """The client goes on without TLS where the server has none."""
    client_tls(Tls(falls_back_to_plaintext=True))


# Servers.


@mutant(
    Role.SERVER,
    "refuses_missing_certificate",
    "refuses_foreign_client",
    "refuses_expired_client",
    "refuses_server_only_client",
    disturbs=("tls_identity_is_seen",),
    config=MTLS,
)
def asks_for_no_certificate() -> None:
    """The server takes mTLS for TLS."""

    @switch(session_server, "server_credentials")
    def server_credentials(original: Any, identity: Any, roots_pem: bytes | None) -> Any:
        return original(identity, None)


@mutant(
    Role.SERVER,
    "refuses_missing_certificate",
    "refuses_foreign_client",
    "refuses_expired_client",
    "refuses_server_only_client",
    disturbs=("tls_identity_is_seen",),
    config=MTLS,
)
def refuses_after_the_fact() -> None:
    """The server does what a stranger says, and tells it afterwards that it was not there."""
    asks_for_no_certificate()

    @switch(StockService, "Put")
    def put(original: Any, self: StockService, request: Any, context: Any) -> Any:
        response = original(self, request, context)
        if request.key == "refused":
            context.abort(grpc.StatusCode.UNAVAILABLE, "stranger")
        return response


@mutant(Role.SERVER, "refuses_missing_certificate", disturbs=("tls_identity_is_seen",), config=MTLS)
def takes_clients_without_certificate() -> None:
    """The server verifies a client's certificate only where it is given one."""

    def optional(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_OPTIONAL

    server_tls(Tls(context=optional))


@mutant(Role.SERVER, "refuses_expired_client", disturbs=("tls_identity_is_seen",), config=MTLS)
def takes_expired_clients() -> None:
    """The server does not look at the time of a certificate."""

    def timeless(context: ssl.SSLContext) -> None:
        context.verify_flags |= _NO_CHECK_TIME

    server_tls(Tls(context=timeless))


@mutant(Role.SERVER, "refuses_tls_1_1_client", config=TLS)
def accepts_tls_1_1() -> None:
    """The server goes down to TLS 1.1."""
    server_tls(Tls(context=also_tls_1_1))


@mutant(Role.SERVER, "refuses_client_without_alpn", config=TLS)
def needs_no_alpn_of_clients() -> None:
    """The server speaks HTTP/2 with a client that has not offered it."""
    server_tls(Tls(needs_alpn=False))


@mutant(Role.SERVER, "refuses_plaintext_client", config=TLS)
def accepts_plaintext() -> None:
    """The server serves plaintext on the port of its TLS."""

    @switch(Listener, "_bind")
    def bind(original: Any, self: Listener, address: str, binding: Binding) -> int:
        port = original(self, address, binding)
        if binding.credentials is None:
            return int(port)
        also = original(self, address, dataclasses.replace(binding, credentials=None))
        return before(self, SniffingRelay(Endpoint(address, port, 0), Endpoint(address, also, 0)))

    end_relays()
