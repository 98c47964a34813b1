"""What a cell is configured by: security and key type, and the profiles that choose of them."""

import enum
from collections.abc import Iterator
from typing import Final, NamedTuple


class Security(enum.StrEnum):
    """How a connection is secured."""

    PLAINTEXT = "plaintext"
    TLS = "tls"
    MTLS = "mtls"


class KeyType(enum.StrEnum):
    """The kind of both identities' keys; NONE in plaintext."""

    NONE = "none"
    RSA2048 = "rsa2048"
    RSA4096 = "rsa4096"
    P256 = "p256"
    P384 = "p384"
    P521 = "p521"


class Config(NamedTuple):
    """One point of security x key type."""

    security: Security
    key_type: KeyType = KeyType.NONE


PLAINTEXT: Final = Config(Security.PLAINTEXT)


class Profile(NamedTuple):
    """Which permutations a run is made of, by default those of every language and case."""

    name: str
    configs: tuple[Config, ...]
    # None for all languages of the manifest.
    languages: frozenset[str] | None = None
    # Whether only cases declared as core are run.
    core_only: bool = False
    # Fewest cases the profile must find for a pair: fewer means that a suite got lost.
    least_cases: int = 1
    # In how many of its configs a pair runs a case that is not core; None for all.
    spread: int | None = None


def every_config() -> Iterator[Config]:
    """All configs there are, plaintext first."""
    yield PLAINTEXT
    for security in (Security.TLS, Security.MTLS):
        for key_type in KeyType:
            if key_type is not KeyType.NONE:
                yield Config(security, key_type)
