"""Python's own TLS contexts over minted identities, for peers that are made to differ in one thing."""

import contextlib
import os
import ssl
import warnings
from collections.abc import Iterable, Iterator
from typing import Final

from conformance.certs.authority import Identity

H2: Final = ("h2",)


def server_context(identity: Identity, *, alpn: Iterable[str] = H2) -> ssl.SSLContext:
    """For a server that asks for no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _load(context, identity)
    _offer(context, alpn)
    return context


def client_context(
    roots_pem: bytes, identity: Identity | None = None, *, alpn: Iterable[str] = H2
) -> ssl.SSLContext:
    """For a client that verifies its server, by name too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=roots_pem.decode("ascii"))
    if identity is not None:
        _load(context, identity)
    _offer(context, alpn)
    return context


def also_tls_1_1(context: ssl.SSLContext) -> ssl.SSLContext:
    """Widens a context to the version that RFC 8996 took out of use; gives it back."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    # Its signatures are of SHA-1, which OpenSSL allows at no higher level.
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def only_tls_1_1(context: ssl.SSLContext) -> ssl.SSLContext:
    """Narrows a context to that version; gives it back."""
    also_tls_1_1(context)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def _offer(context: ssl.SSLContext, alpn: Iterable[str]) -> None:
    if protocols := [*alpn]:
        context.set_alpn_protocols(protocols)


def _load(context: ssl.SSLContext, identity: Identity) -> None:
    with _in_memory(identity.chain_pem) as chain, _in_memory(identity.key_pem) as key:
        context.load_cert_chain(chain, key)


@contextlib.contextmanager
def _in_memory(content: bytes) -> Iterator[str]:
    """A file that is in no file system: Python loads identities from files only."""
    descriptor = os.memfd_create("identity")
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
