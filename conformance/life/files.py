"""Files of identities, good ones and all kinds of bad ones, in a folder."""

from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives import serialization

from conformance.certs.authority import mint


class Files(NamedTuple):
    """A folder of files."""

    folder: Path

    def __call__(self, name: str) -> str:
        """The path of a file."""
        return str(self.folder / name)

    def identity(self, chain: str = "chain.pem", key: str = "key.pem") -> tuple[str, str]:
        """The flags that name an identity's files."""
        return f"--cert-file={self(chain)}", f"--key-file={self(key)}"

    @property
    def roots(self) -> str:
        """The path of the good roots."""
        return self("roots.pem")


def make(folder: Path) -> Files:
    """Makes a good identity (chain.pem, key.pem, roots.pem) and what can be wrong with one."""
    authority = mint("p256")
    good, other = authority.issue(), authority.issue()
    key = serialization.load_pem_private_key(good.key_pem, None)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    contents = {
        "roots.pem": authority.roots_pem,
        "foreign_roots.pem": mint("p256").roots_pem,
        "chain.pem": good.chain_pem,
        "key.pem": good.key_pem,
        "other_key.pem": other.key_pem,
        "rsa_key.pem": mint("rsa2048").issue().key_pem,
        "sec1_key.pem": key.private_bytes(
            pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        ),
        "encrypted_key.pem": key.private_bytes(
            pem, pkcs8, serialization.BestAvailableEncryption(b"secret")
        ),
        "empty.pem": b"",
        "text.pem": b"This is no PEM.\n",
        "binary.pem": bytes(range(256)),
        "cut.pem": good.chain_pem[: len(good.chain_pem) // 2],
        "cut_key.pem": good.key_pem[: len(good.key_pem) // 2],
        "hollow.pem": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "hollow_key.pem": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder.pem").mkdir()
    return Files(folder)
