"""Suite tls: a connection of each config comes about, and its ends are who they say they are."""

from cryptography import x509

from conformance.runner import expect
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.config import Security
from conformance.runner.rpc import Rpc
from proto import session_pb2

WITH_TLS = (Security.TLS, Security.MTLS)


@case(covers=(Rpc.INVENTORY,), clause="service.md: TLS", core=True)
async def tls_handshake(cell: Cell) -> None:
    """A new connection comes about in every config, and the server knows how it is secured."""
    [status] = await cell.inventory(channel=cell.open_channel()).ok()
    expect.equal(status.metadata["security"], cell.config.security.value, "security")


@case(covers=(Rpc.INVENTORY,), clause="RFC 9525: IP-ID", securities=WITH_TLS)
async def tls_handshake_by_address(cell: Cell) -> None:
    """Without a server name the client verifies the certificate against the address it dials."""
    await cell.inventory(channel=cell.open_channel(server_name="")).ok()


@case(
    covers=(Rpc.INVENTORY,),
    clause="service.md: TLS",
    relies_on=("observe_tls",),
    securities=WITH_TLS,
    core=True,
)
async def tls_version_is_seen(cell: Cell) -> None:
    """The connection is TLS 1.2 or 1.3, as the server sees it."""
    await cell.inventory(directive=session_pb2.Directive(tag="tls")).ok()
    observation = await cell.observation("tls")
    expect.true(
        observation.tls_version in ("1.2", "1.3"),
        f"TLS version 1.2 or 1.3, got {observation.tls_version!r}",
    )


@case(
    covers=(Rpc.INVENTORY,),
    clause="service.md: TLS",
    relies_on=("observe_peer",),
    securities=(Security.MTLS,),
    core=True,
)
async def tls_identity_is_seen(cell: Cell) -> None:
    """With mTLS the server sees the very certificate that the client was given."""
    await cell.inventory(directive=session_pb2.Directive(tag="peer")).ok()
    observation = await cell.observation("peer")
    expect.true(bool(observation.peer_certificate_pem), "a client's certificate to be seen")
    seen = x509.load_pem_x509_certificate(observation.peer_certificate_pem)
    given = x509.load_pem_x509_certificate(cell.material.client.chain_pem)
    expect.equal(
        (seen.subject.rfc4514_string(), seen.serial_number),
        (given.subject.rfc4514_string(), given.serial_number),
        "certificate (subject, serial number)",
    )
