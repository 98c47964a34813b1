"""Tests of minted identities, held against the path validation of the web's PKI (RFC 5280)."""

import datetime
import ipaddress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from conformance.certs.authority import Authority, Identity, Usage, Validity, mint
from conformance.certs.keys import KEY_TYPES

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

# An RSA-4096 key takes a second of CPU, three of them too long for what its size can break.
QUICK_KEY_TYPES = sorted(KEY_TYPES.keys() - {"rsa4096"})


@pytest.fixture(scope="module")
def authority() -> Authority:
    return mint("p256")


def verify(identity: Identity, trusted: Authority, name: x509.DNSName | x509.IPAddress) -> None:
    """Verifies as a client does that dials `name`."""
    leaf = x509.load_pem_x509_certificate(identity.chain_pem)
    store = Store(x509.load_pem_x509_certificates(trusted.roots_pem))
    PolicyBuilder().store(store).build_server_verifier(name).verify(leaf, [])


def verify_client(identity: Identity, trusted: Authority) -> None:
    """Verifies as a server does that asks for a client's certificate."""
    leaf = x509.load_pem_x509_certificate(identity.chain_pem)
    store = Store(x509.load_pem_x509_certificates(trusted.roots_pem))
    PolicyBuilder().store(store).build_client_verifier().verify(leaf, [])


LOCALHOST = x509.DNSName("localhost")


@pytest.mark.parametrize("key_type", QUICK_KEY_TYPES)
def test_a_leaf_of_each_key_type_verifies_in_both_roles(key_type: str) -> None:
    minted = mint(key_type)
    identity = minted.issue()
    verify(identity, minted, LOCALHOST)
    verify_client(identity, minted)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_leaf_verifies_for_loopback_addresses(authority: Authority, address: str) -> None:
    verify(authority.issue(), authority, x509.IPAddress(ipaddress.ip_address(address)))


@pytest.mark.parametrize("key_type", QUICK_KEY_TYPES)
def test_the_key_is_pkcs8_of_its_type_and_the_leaf_s_own(key_type: str) -> None:
    identity = mint(key_type).issue()
    assert identity.key_pem.startswith(b"-----BEGIN PRIVATE KEY-----")
    key = serialization.load_pem_private_key(identity.key_pem, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    assert f"{'rsa' if isinstance(key, rsa.RSAPrivateKey) else 'p'}{key.key_size}" == key_type
    leaf = x509.load_pem_x509_certificate(identity.chain_pem)
    assert leaf.public_key() == key.public_key()


def test_every_identity_has_a_key_of_its_own(authority: Authority) -> None:
    assert authority.issue().key_pem != authority.issue().key_pem


def test_a_leaf_says_what_the_matrix_relies_on(authority: Authority) -> None:
    now = datetime.datetime.now(datetime.UTC)
    leaf = x509.load_pem_x509_certificate(authority.issue().chain_pem)
    extensions = leaf.extensions
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    assert addresses == ["127.0.0.1", "::1"]
    usages = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    assert usages == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    assert abs(leaf.not_valid_before_utc - (now - HOUR)).total_seconds() < 60
    assert abs(leaf.not_valid_after_utc - (now + DAY)).total_seconds() < 60


@pytest.mark.parametrize(
    "validity", [Validity(-2 * DAY, -DAY), Validity(HOUR, DAY)], ids=["expired", "not_yet_valid"]
)
def test_outside_its_validity_a_leaf_is_refused(authority: Authority, validity: Validity) -> None:
    identity = authority.issue(validity=validity)
    with pytest.raises(VerificationError, match="not valid at"):
        verify(identity, authority, LOCALHOST)


def test_for_another_name_a_leaf_is_refused(authority: Authority) -> None:
    identity = authority.issue(names=("elsewhere.invalid",))
    verify(identity, authority, x509.DNSName("elsewhere.invalid"))
    with pytest.raises(VerificationError, match="no matching subjectAltName"):
        verify(identity, authority, LOCALHOST)


def test_of_another_authority_a_leaf_is_refused(authority: Authority) -> None:
    # Of the same name: what counts must be the key.
    other = mint("p256")
    with pytest.raises(VerificationError):
        verify(other.issue(), authority, LOCALHOST)


def test_another_authority_has_all_but_the_key(authority: Authority) -> None:
    other = authority.another()
    ours, theirs = (x509.load_pem_x509_certificate(a.roots_pem) for a in (authority, other))
    assert ours.subject == theirs.subject
    assert ours.public_key() != theirs.public_key()
    with pytest.raises(VerificationError):
        verify(other.issue(), authority, LOCALHOST)


def test_a_leaf_is_of_the_key_that_is_given(authority: Authority) -> None:
    key = authority.new_key()
    leaf = x509.load_pem_x509_certificate(authority.issue(key=key).chain_pem)
    assert leaf.public_key() == key.public_key()


def test_a_leaf_of_one_usage_is_refused_in_the_other_role(authority: Authority) -> None:
    server, client = (authority.issue(usages=(usage,)) for usage in (Usage.SERVER, Usage.CLIENT))
    verify(server, authority, LOCALHOST)
    verify_client(client, authority)
    with pytest.raises(VerificationError):
        verify(client, authority, LOCALHOST)
    with pytest.raises(VerificationError):
        verify_client(server, authority)


def test_a_leaf_cannot_issue(authority: Authority) -> None:
    roots = x509.load_pem_x509_certificate(authority.roots_pem)
    constraints = roots.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert constraints.ca
    assert constraints.path_length == 0


def test_an_unknown_key_type_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"key type 'p257': expected one of rsa2048, .*p521"):
        mint("p257")
