"""`pyvider provide`: a Terraform provider's server, with the handshake that go-plugin has for it.

What it must be told, by its environment (pyvider-rpcplugin 0.5.5):

- `TF_PLUGIN_MAGIC_COOKIE`: who is no host of plugins is refused, `--force` or not.
- `PLUGIN_SERVER_TRANSPORTS=tcp`: else it listens at a Unix socket, which no client of Stock takes.
- nothing: plaintext. `PLUGIN_SERVER_CERT` and `PLUGIN_SERVER_KEY` (PEM): TLS with that identity. With
  `PLUGIN_CLIENT_ROOT_CERTS` it asks for a client's certificate too. `PLUGIN_CLIENT_CERT` alone is a host's offer of
  automatic mTLS: it makes an identity, tells its certificate in the handshake, and asks for none.
"""

import base64
import contextlib
import os
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from conformance.life.programs import Implementation, Running, start
from soup.tofusoup.installed import apart, located

# Terraform's; public, no secret (hashicorp/terraform, internal/plugin/serve.go).
COOKIE: Final = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

_BASICS: Final = {"TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_SERVER_TRANSPORTS": "tcp"}


class Handshake(NamedTuple):
    """The one line of a plugin's standard output."""

    core_version: int
    protocol_version: int
    network: str
    # `host:port` for tcp.
    endpoint: str
    protocol: str
    # The server's certificate, PEM; empty where it tells none.
    certificate: str


def parse(line: str) -> Handshake:
    """Reads the line: six fields, `|` between them, the last one base64 without its padding."""
    core, version, network, endpoint, protocol, raw = line.split("|")
    pem = ""
    if raw:
        pem = ssl.DER_cert_to_PEM_cert(base64.b64decode(raw + "=" * (-len(raw) % 4)))
    return Handshake(int(core), int(version), network, endpoint, protocol, pem)


@contextlib.contextmanager
def provide(folder: Path, extra: Mapping[str, str]) -> Iterator[tuple[Running, Handshake]]:
    """Starts it on a free port of the loopback; with what it says once it serves."""
    environment = apart(folder) | _BASICS | dict(extra)
    program = str(located(os.environ["TOFUSOUP_PYVIDER"]))
    pyvider = Implementation("pyvider", program, "", "", environment)
    with start(pyvider, "server", folder, "provide", "--force") as server:
        yield server, parse(server.line())
