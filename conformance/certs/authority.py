"""Mints the identities of a run: a certificate authority per key type, and what it issues.

Nothing is written anywhere: keys live in this process and in the programs they are handed to
(docs/adr/0004-minted-certificates.md).
"""

import datetime
import enum
import ipaddress
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from conformance.certs.keys import KEY_TYPES, KeyType, PrivateKey

# What a good leaf is valid for; the one name and both loopback addresses that peers are reached by.
NAMES: Final = ("localhost", "127.0.0.1", "::1")


class Usage(enum.Enum):
    """What a leaf may be used for (RFC 5280 section 4.2.1.12)."""

    SERVER = ExtendedKeyUsageOID.SERVER_AUTH
    CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH


class Validity(NamedTuple):
    """When a certificate is good, both ends from now."""

    since: datetime.timedelta
    until: datetime.timedelta


# The hour back forgives a clock that is behind, the day ends what a run left behind.
TODAY: Final = Validity(datetime.timedelta(hours=-1), datetime.timedelta(days=1))


class Identity(NamedTuple):
    """An end's own certificate chain and private key, both PEM."""

    # Leaf first, the authority's own certificate left out.
    chain_pem: bytes
    # PKCS#8, not encrypted.
    key_pem: bytes


class Authority:
    """A certificate authority. Its identities serve both roles; from any thread."""

    def __init__(self, key_type: KeyType, common_name: str) -> None:
        """Makes the authority's own key and certificate; `mint` does it by key type."""
        self._key_type = key_type
        self._common_name = common_name
        self._key = key_type.generate()
        self._certificate = self._root(_name(common_name))
        # What peers must trust to trust its identities.
        self.roots_pem: bytes = _pem(self._certificate)

    def issue(
        self,
        *,
        common_name: str = "localhost",
        names: Collection[str] = NAMES,
        validity: Validity = TODAY,
        usages: Iterable[Usage] = tuple(Usage),
        key: PrivateKey | None = None,
    ) -> Identity:
        """A leaf and its key, a new one unless it is given: by default a good one.

        `names` are the DNS names and literal addresses it is good for; without any it has no such
        extension at all.
        """
        key = key or self.new_key()
        builder = _builder(_name(common_name), key, validity)
        builder = builder.issuer_name(self._certificate.subject)
        for extension, critical in self._leaf_extensions(key, usages):
            builder = builder.add_extension(extension, critical)
        if names:
            alternative = x509.SubjectAlternativeName([_general_name(name) for name in names])
            builder = builder.add_extension(alternative, critical=False)
        return Identity(_pem(self._sign(builder)), _key_pem(key))

    def new_key(self) -> PrivateKey:
        """A new key of the authority's type."""
        return self._key_type.generate()

    def another(self) -> "Authority":
        """A new authority of the same name and key type: all it lacks is this one's key."""
        return Authority(self._key_type, self._common_name)

    def _root(self, name: x509.Name) -> x509.Certificate:
        builder = _builder(name, self._key, TODAY).issuer_name(name)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        return self._sign(
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
            .add_extension(identifier, critical=False)
        )

    def _leaf_extensions(
        self, key: PrivateKey, usages: Iterable[Usage]
    ) -> Iterator[tuple[x509.ExtensionType, bool]]:
        # TLS 1.2 may encrypt a secret to an RSA key; to others it never does (RFC 5480 section 3).
        of_key = ["digital_signature", *(["key_encipherment"] if _is_rsa(key) else [])]
        own = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        yield x509.BasicConstraints(ca=False, path_length=None), True
        yield _key_usage(*of_key), True
        yield x509.ExtendedKeyUsage([usage.value for usage in usages]), False
        yield x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
        yield x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value), False

    def _sign(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        return builder.sign(self._key, self._key_type.signature_hash)


def mint(key_type: str, common_name: str = "Stock conformance") -> Authority:
    """A new authority whose own key and leaves are of one key type; ValueError where it is none."""
    if key_type not in KEY_TYPES:
        raise ValueError(f"key type {key_type!r}: expected one of {', '.join(KEY_TYPES)}")
    return Authority(KEY_TYPES[key_type], f"{common_name} {key_type}")


def _builder(subject: x509.Name, key: PrivateKey, validity: Validity) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + validity.since)
        .not_valid_after(now + validity.until)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_usage(*usages: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{usage: usage in usages for usage in every})


def _is_rsa(key: PrivateKey) -> bool:
    return isinstance(key, rsa.RSAPrivateKey)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
