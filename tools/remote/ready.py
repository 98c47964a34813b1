"""Waits for a gRPC server, with the gRPC of BuildGrid's environment."""

from tools.remote import install

# Waits inside gRPC until the server answers.
_READY = """\
import sys, grpc
with grpc.insecure_channel(sys.argv[1]) as channel:
    grpc.channel_ready_future(channel).result(timeout=60)
"""


def await_channel(target: str) -> None:
    """Returns when a server answers at `HOST:PORT` or `unix:PATH`. Raises RemoteError where none does in time."""
    install.run(install.buildgrid() / "venv/bin/python", "-c", _READY, target)
