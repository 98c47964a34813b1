"""The gRPC cache: BuildGrid, which demands a client certificate."""

import contextlib
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.remote import install
from tools.remote.identities import mint

_TEMPLATE = Path(__file__).with_name("buildgrid.yml.tpl")
_DEADLINE = 60.0

# Waits inside gRPC until the server takes our certificate.
_READY = """\
import pathlib, sys, grpc
folder = pathlib.Path(sys.argv[1])
read = lambda name: (folder / name).read_bytes()
identity = grpc.ssl_channel_credentials(read("roots.pem"), read("client.key"), read("client.pem"))
with grpc.secure_channel(sys.argv[2], identity) as channel:
    grpc.channel_ready_future(channel).result(timeout=60)
"""


@dataclass(frozen=True)
class GrpcCache:
    """A running cache: its endpoint and the folder of its certificates."""

    endpoint: str
    folder: Path

    def flags(self, *, identity: bool, write: bool = False) -> list[str]:
        """Bazel's flags for it, with a client certificate or without."""
        flags = [
            f"--remote_cache=grpcs://{self.endpoint}",
            f"--tls_certificate={self.folder}/roots.pem",
        ]
        if identity:
            flags.append(f"--tls_client_certificate={self.folder}/client.pem")
            flags.append(f"--tls_client_key={self.folder}/client.key")
        return flags + ["--remote_upload_local_results"] * write


def configuration(folder: Path, port: int) -> str:
    """BuildGrid's configuration."""
    text = _TEMPLATE.read_text("utf-8")
    return text.replace("{port}", str(port)).replace("{folder}", str(folder))


@contextlib.contextmanager
def grpc_cache(place: Path) -> Iterator[GrpcCache]:
    """A cache with nothing in it, which keeps its certificates below `place`. Raises RemoteError."""
    programs = install.buildgrid() / "venv/bin"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix="buildgrid-") as scratch:
        folder = Path(scratch)
        mint(folder)
        with serving(folder, lambda port: configuration(folder, port)) as port:
            install.run(programs / "python", "-c", _READY, folder, f"localhost:{port}")
            yield GrpcCache(f"localhost:{port}", folder)


@contextlib.contextmanager
def serving(folder: Path, configured: Callable[[int], str]) -> Iterator[int]:
    """Starts BuildGrid with the configuration for a port, which it yields; nobody waits for it. Raises RemoteError."""
    programs = install.buildgrid() / "venv/bin"
    # gRPC shares ports by SO_REUSEPORT: the reservation keeps others off until the server listens.
    with socket.socket() as reservation:
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reservation.bind(("127.0.0.1", 0))
        port = reservation.getsockname()[1]
        file = folder / "buildgrid.yml"
        file.write_text(configured(port), encoding="utf-8")
        with (folder / "buildgrid.log").open("w") as log:
            line: list[str | Path] = [*install.MORTAL, programs / "bgd", "server", "start", file]
            server = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield port
        finally:
            server.kill()
            server.wait(_DEADLINE)
