"""Tests that wrong identities are wrong in what they say, and in nothing else."""

import ipaddress
from collections.abc import Mapping

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from conformance.certs.authority import Authority, Identity, mint
from conformance.certs.wrong import Wrong, mint_wrong

LOCALHOST = x509.DNSName("localhost")
LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return mint("p256")


@pytest.fixture(scope="module")
def wrong(authority: Authority) -> Mapping[Wrong, Identity]:
    return mint_wrong(authority)


def verify_server(
    identity: Identity, authority: Authority, name: x509.DNSName | x509.IPAddress = LOCALHOST
) -> None:
    leaf = x509.load_pem_x509_certificate(identity.chain_pem)
    _policy(authority).build_server_verifier(name).verify(leaf, [])


def verify_client(identity: Identity, authority: Authority) -> None:
    leaf = x509.load_pem_x509_certificate(identity.chain_pem)
    _policy(authority).build_client_verifier().verify(leaf, [])


def _policy(authority: Authority) -> PolicyBuilder:
    return PolicyBuilder().store(Store(x509.load_pem_x509_certificates(authority.roots_pem)))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Wrong.FOREIGN, "candidates exhausted"),
        (Wrong.EXPIRED, "not valid at"),
        (Wrong.NOT_YET_VALID, "not valid at"),
        (Wrong.NAME, "no matching subjectAltName"),
        (Wrong.NO_NAMES, "subjectAltName"),
        (Wrong.CLIENT_ONLY, "EKU"),
    ],
)
def test_a_client_refuses_it(
    wrong: Mapping[Wrong, Identity], authority: Authority, kind: Wrong, reason: str
) -> None:
    with pytest.raises(VerificationError, match=reason):
        verify_server(wrong[kind], authority)


def test_a_client_that_dials_an_address_refuses_a_name(
    wrong: Mapping[Wrong, Identity], authority: Authority
) -> None:
    verify_server(wrong[Wrong.ADDRESS], authority)
    with pytest.raises(VerificationError, match="no matching subjectAltName"):
        verify_server(wrong[Wrong.ADDRESS], authority, LOOPBACK)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Wrong.FOREIGN, "candidates exhausted"),
        (Wrong.EXPIRED, "not valid at"),
        (Wrong.NOT_YET_VALID, "not valid at"),
        (Wrong.SERVER_ONLY, "EKU"),
    ],
)
def test_a_server_refuses_it(
    wrong: Mapping[Wrong, Identity], authority: Authority, kind: Wrong, reason: str
) -> None:
    with pytest.raises(VerificationError, match=reason):
        verify_client(wrong[kind], authority)


def test_each_is_good_for_all_but_what_it_lacks(
    wrong: Mapping[Wrong, Identity], authority: Authority
) -> None:
    verify_server(wrong[Wrong.NAME], authority, x509.DNSName("elsewhere.invalid"))
    verify_server(wrong[Wrong.SERVER_ONLY], authority)
    verify_client(wrong[Wrong.CLIENT_ONLY], authority)
    # A server asks a client for no name.
    verify_client(wrong[Wrong.NAME], authority)


def test_no_name_hides_in_the_extensions(wrong: Mapping[Wrong, Identity]) -> None:
    leaf = x509.load_pem_x509_certificate(wrong[Wrong.NO_NAMES].chain_pem)
    assert leaf.subject.rfc4514_string() == "CN=localhost"
    with pytest.raises(x509.ExtensionNotFound):
        leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_every_kind_is_minted_with_one_key(wrong: Mapping[Wrong, Identity]) -> None:
    assert set(wrong) == set(Wrong)
    assert len({identity.key_pem for identity in wrong.values()}) == 1
