"""The key types of the matrix: how a key of each is made, and the hash its signatures use."""

from collections.abc import Callable
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SignatureHash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512


class KeyType(NamedTuple):
    """A kind of key."""

    # A second of CPU for RSA-4096, without holding the interpreter's lock.
    generate: Callable[[], PrivateKey]
    signature_hash: SignatureHash


def _rsa(bits: int) -> KeyType:
    return KeyType(lambda: rsa.generate_private_key(65537, bits), hashes.SHA256())


def _ec(curve: ec.EllipticCurve, signature_hash: SignatureHash) -> KeyType:
    return KeyType(lambda: ec.generate_private_key(curve), signature_hash)


KEY_TYPES: Final = {
    "rsa2048": _rsa(2048),
    "rsa4096": _rsa(4096),
    "p256": _ec(ec.SECP256R1(), hashes.SHA256()),
    "p384": _ec(ec.SECP384R1(), hashes.SHA384()),
    "p521": _ec(ec.SECP521R1(), hashes.SHA512()),
}
