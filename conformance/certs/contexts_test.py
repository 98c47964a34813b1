"""Tests of contexts: handshakes in memory between the two, each wrong one against a right one."""

import ssl

import pytest

from conformance.certs.authority import Authority, mint
from conformance.certs.contexts import also_tls_1_1, client_context, only_tls_1_1, server_context


@pytest.fixture(scope="module", params=["rsa2048", "p256", "p521"])
def authority(request: pytest.FixtureRequest) -> Authority:
    return mint(request.param)


def shake(client: ssl.SSLContext, server: ssl.SSLContext) -> tuple[str | None, str | None]:
    """The version and the protocol that both ends agree on."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname="localhost"),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    # A handshake is four flights at most.
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ends[0].version() == ends[1].version()
    return ends[0].version(), ends[0].selected_alpn_protocol()


def test_the_right_ones_agree(authority: Authority) -> None:
    client = client_context(authority.roots_pem, authority.issue())
    assert shake(client, server_context(authority.issue())) == ("TLSv1.3", "h2")


def test_without_alpn_there_is_no_protocol(authority: Authority) -> None:
    client, server = client_context(authority.roots_pem), server_context(authority.issue())
    assert shake(client, server_context(authority.issue(), alpn=()))[1] is None
    assert shake(client_context(authority.roots_pem, alpn=()), server)[1] is None


def test_the_old_version_is_agreed_on_by_two_and_refused_by_one(authority: Authority) -> None:
    identity = authority.issue()
    old_client = only_tls_1_1(client_context(authority.roots_pem))
    old_server = only_tls_1_1(server_context(identity))
    assert shake(old_client, old_server) == ("TLSv1.1", "h2")
    assert shake(old_client, also_tls_1_1(server_context(identity))) == ("TLSv1.1", "h2")
    with pytest.raises(ssl.SSLError):
        shake(old_client, server_context(identity))
    with pytest.raises(ssl.SSLError):
        shake(client_context(authority.roots_pem), old_server)


def test_a_client_verifies_its_server(authority: Authority) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(client_context(authority.roots_pem), server_context(authority.another().issue()))
    elsewhere = server_context(authority.issue(names=("elsewhere.invalid",)))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(client_context(authority.roots_pem), elsewhere)
