"""What is wrong with a certificate, rule by rule, so that a mutant can forgive one of them."""

import datetime
import enum
import ipaddress
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


class Fault(enum.Enum):
    """A rule that a server's certificate breaks."""

    AUTHORITY = enum.auto()
    EARLY = enum.auto()
    LATE = enum.auto()
    NAME = enum.auto()
    USAGE = enum.auto()


def faults(leaf: x509.Certificate, root: x509.Certificate, name: str) -> set[Fault]:
    """The rules that the certificate of a server breaks, which is dialled by a name or an address."""
    return set(_faults(leaf, root, name))


def common_name(leaf: x509.Certificate) -> str:
    """What stands in the subject."""
    return str(leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def has_names(leaf: x509.Certificate) -> bool:
    """Whether there are alternative names."""
    return any(isinstance(e.value, x509.SubjectAlternativeName) for e in leaf.extensions)


def is_address(name: str) -> bool:
    """Whether a name is a literal address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _faults(leaf: x509.Certificate, root: x509.Certificate, name: str) -> Iterator[Fault]:
    now = datetime.datetime.now(datetime.UTC)
    try:
        leaf.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError):
        yield Fault.AUTHORITY
    if now < leaf.not_valid_before_utc:
        yield Fault.EARLY
    if now > leaf.not_valid_after_utc:
        yield Fault.LATE
    if name not in _names(leaf):
        yield Fault.NAME
    usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    if ExtendedKeyUsageOID.SERVER_AUTH not in usages:
        yield Fault.USAGE


def _names(leaf: x509.Certificate) -> list[str]:
    if not has_names(leaf):
        return []
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    return [*names.get_values_for_type(x509.DNSName), *map(str, addresses)]
