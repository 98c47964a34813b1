"""PEM material to the library's credentials, refused with one line of reason where it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

import grpc

# More than any chain or set of roots needs: a device without an end must not be read for ever.
_FILE_BYTES = 4 * 1024 * 1024


class CredentialsError(Exception):
    """Material that cannot be used; the text is one line for a person."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An end's own certificate chain (PEM, leaf first) and private key (PEM, PKCS#8, not encrypted)."""

    chain_pem: bytes
    key_pem: bytes


def server_credentials(
    identity: Identity, client_roots_pem: bytes | None = None
) -> grpc.ServerCredentials:
    """Credentials of a TLS server; with client roots it requires and verifies client certificates.

    Raises CredentialsError.
    """
    check_identity(identity)
    if client_roots_pem is not None:
        check_roots(client_roots_pem)
    return grpc.ssl_server_credentials(
        [(identity.key_pem, identity.chain_pem)],
        root_certificates=client_roots_pem,
        require_client_auth=client_roots_pem is not None,
    )


def channel_credentials(
    roots_pem: bytes | None = None, identity: Identity | None = None
) -> grpc.ChannelCredentials:
    """Credentials of a TLS client; without roots it trusts the library's own. Raises CredentialsError."""
    if roots_pem is not None:
        check_roots(roots_pem)
    if identity is None:
        return grpc.ssl_channel_credentials(root_certificates=roots_pem)
    check_identity(identity)
    return grpc.ssl_channel_credentials(roots_pem, identity.key_pem, identity.chain_pem)


def check_identity(identity: Identity) -> None:
    """Raises CredentialsError unless the key is the leaf's: the library would find out at the first handshake."""
    # Imported where TLS is asked for: it costs 50 ms.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificates

    try:
        leaf = load_pem_x509_certificates(identity.chain_pem)[0]
    except ValueError:
        raise CredentialsError("certificate chain is not PEM certificates") from None
    if b"-----BEGIN PRIVATE KEY-----" not in identity.key_pem:
        raise CredentialsError("key is not a PEM PKCS#8 private key")
    try:
        # Whether an RSA key's numbers are primes is the library's to find out: it takes 0.2 s for 4096 bits.
        key = load_pem_private_key(
            identity.key_pem, password=None, unsafe_skip_rsa_key_validation=True
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CredentialsError("key is not a PEM PKCS#8 private key") from None
    if key.public_key() != leaf.public_key():
        raise CredentialsError("key does not belong to the certificate")


def check_roots(roots_pem: bytes) -> None:
    """Raises CredentialsError unless the roots are certificates."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        load_pem_x509_certificates(roots_pem)
    except ValueError:
        raise CredentialsError("roots are not PEM certificates") from None


def read(path: str) -> bytes:
    """The bytes of a file that must hold some. Raises CredentialsError."""
    try:
        with open(path, "rb") as file:
            content = file.read(_FILE_BYTES)
    except OSError as error:
        raise CredentialsError(f"{path}: {error.strerror}") from None
    if not content:
        raise CredentialsError(f"{path}: empty")
    return content
