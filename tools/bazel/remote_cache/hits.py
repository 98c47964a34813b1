"""Builds twice through a gRPC cache that demands a client certificate, and counts the hits."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.bazel.trial import TEST, Answer, Trial, TrialError, trial

_DEADLINE = 300.0
# The genrule, the test, and the report that Bazel makes of the test's log.
_ACTIONS = 3
_LOCK = Path(__file__).with_name("requirements.lock")

_CONFIGURATION = """\
server:
  - !channel
    address: "127.0.0.1:{port}"
    insecure-mode: false
    credentials:
      tls-server-key: {folder}/server.key
      tls-server-cert: {folder}/server.pem
      tls-client-certs: {folder}/roots.pem
storages:
  - !lru-storage &storage
    size: 64M
caches:
  - !lru-action-cache &action-cache
    storage: *storage
    max-cached-refs: 1024
    allow-updates: true
    cache-failed-actions: false
instances:
  - name: ''
    services:
      - !action-cache
        cache: *action-cache
      - !cas
        storage: *storage
      - !bytestream
        storage: *storage
thread-pool-size: 16
"""

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
class Cache:
    """A running cache: its endpoint and the folder of its certificates."""

    endpoint: str
    folder: Path

    def flags(self, *, identity: bool) -> list[str]:
        """Bazel's flags for it, with a client certificate or without."""
        flags = [
            f"--remote_cache=grpcs://{self.endpoint}",
            f"--tls_certificate={self.folder}/roots.pem",
        ]
        certificate = f"--tls_client_certificate={self.folder}/client.pem"
        return flags + [certificate, f"--tls_client_key={self.folder}/client.key"] * identity


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE, check=False)
    if done.returncode != 0:
        raise TrialError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _mint(folder: Path) -> None:
    new_key = ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    roots = (folder / "roots.pem", "-keyout", folder / "roots.key")
    _run(*new_key, "-x509", "-days", "2", "-subj", "/CN=roots", "-out", *roots)
    signed = ("-CA", folder / "roots.pem", "-CAkey", folder / "roots.key", "-x509", "-days", "2")
    for name in ("server", "client"):
        own = ("-out", folder / f"{name}.pem", "-keyout", folder / f"{name}.key")
        names = ("-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost")
        _run(*new_key, *signed, *names, *own)


@contextmanager
def _cache(folder: Path) -> Iterator[Cache]:
    _mint(folder)
    programs = folder / "venv/bin"
    _run("python3", "-m", "venv", folder / "venv")
    _run(programs / "pip", "install", "--quiet", "--require-hashes", "--requirement", _LOCK)
    # gRPC shares ports by SO_REUSEPORT: the reservation keeps others off until the server listens.
    with socket.socket() as reservation:
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reservation.bind(("127.0.0.1", 0))
        port = reservation.getsockname()[1]
        configuration = folder / "buildgrid.yml"
        configuration.write_text(_CONFIGURATION.format(port=port, folder=folder))
        with (folder / "buildgrid.log").open("w") as log:
            command: list[str | Path] = [programs / "bgd", "server", "start", configuration]
            server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _run(programs / "python", "-c", _READY, folder, f"localhost:{port}")
            yield Cache(f"localhost:{port}", folder)
        finally:
            server.kill()
            server.wait(_DEADLINE)


def hits(answer: Answer) -> int:
    """The number of actions that Bazel says it took from the remote cache."""
    found = re.search(r"(\d+) remote cache hit", answer.stderr)
    return int(found[1]) if found else 0


def _build(machine: Trial, flags: list[str]) -> Answer:
    machine.run("clean").expect(0)
    return machine.run("test", *flags, TEST).expect(0, "1 test passes")


def main() -> int:
    """Prints the hits; exit code 1 unless the second build, and only with a certificate, hits."""
    with trial() as machine:
        folder = machine.folder / "cache"
        folder.mkdir()
        try:
            with _cache(folder) as cache:
                counts = [hits(_build(machine, cache.flags(identity=True))) for _ in range(2)]
                counts.append(hits(_build(machine, cache.flags(identity=False))))
        except (TrialError, OSError, subprocess.SubprocessError) as error:
            print(f"FAILED: {error}")
            return 1
    passed = counts[0] == 0 and counts[1] >= _ACTIONS and counts[2] == 0
    told = "hits: first build {}, second {}, without a client certificate {}".format(*counts)
    print(f"{'ok' if passed else 'FAILED'}: {told}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
