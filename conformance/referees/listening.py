"""A server that listens in a security, with the files that a peer of it needs."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from conformance.certs import mint
from conformance.life.programs import Implementation, Running, serve
from conformance.runner.config import Security


class Listening(NamedTuple):
    """A server that is ready."""

    endpoint: str
    security: Security
    program: Running
    # Folder of ca.pem, client.pem and client-key.pem, where the security needs them.
    folder: Path

    def file(self, name: str) -> str:
        """The path of a file."""
        return str(self.folder / name)

    def flags(self, plaintext: str, ca: str, cert: str, key: str) -> list[str]:
        """A program's flags for a connection, each by the name that it has there."""
        if self.security is Security.PLAINTEXT:
            return [plaintext] if plaintext else []
        names = {ca: "ca.pem", cert: "client.pem", key: "client-key.pem"}
        return [f"{flag}={self.file(name)}" for flag, name in names.items()]


@contextlib.contextmanager
def listen(of: Implementation, security: Security, folder: Path) -> Iterator[Listening]:
    """Starts a server in plaintext or in mTLS; its identities are minted into the folder."""
    words: list[str] = []
    if security is Security.MTLS:
        mint.write(folder, mint.files("p256"))
        files = (folder / name for name in ("server.pem", "server-key.pem", "ca.pem"))
        flags = ("--cert-file", "--key-file", "--client-ca-file")
        words = ["--tls-mode=mtls", *map("{}={}".format, flags, files)]
    with serve(of, folder, *words) as (program, endpoint):
        yield Listening(endpoint, security, program, folder)
