"""A Stock server on grpclib: it knows the flags of a server, the ready line, and nothing of sessions."""

import argparse
import asyncio
import signal
import socket
import ssl
import sys
from collections.abc import Sequence

from grpclib.health.service import Health
from grpclib.reflection.service import ServerReflection
from grpclib.server import Server

from conformance.guest.service import LANGUAGE, LIBRARY, VERSION, Kv, Stock
from conformance.guest.store import Store

_SECURITY = {"none": "plaintext", "tls": "tls", "mtls": "mtls"}


def parser() -> argparse.ArgumentParser:
    """The flags that the runner starts a server with; any other is refused with exit 2."""
    made = argparse.ArgumentParser(prog="guest_server", allow_abbrev=False)
    add = made.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=50051)
    add("--tls-mode", choices=[*_SECURITY], default="none")
    add("--cert-file")
    add("--key-file")
    add("--client-ca-file")
    version = f"stock_server {VERSION} {LANGUAGE} {LIBRARY}"
    add("--version", action="version", version=version)
    return made


def context(options: argparse.Namespace) -> ssl.SSLContext | None:
    """TLS as the options say; None for plaintext. OSError where a file is unusable."""
    if options.tls_mode == "none":
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["h2"])
    made.load_cert_chain(options.cert_file, options.key_file)
    if options.tls_mode == "mtls":
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(options.client_ca_file)
    return made


async def serve(options: argparse.Namespace) -> None:
    """Serves until SIGTERM or SIGINT. OSError where it cannot."""
    store = Store()
    stock, kv = Stock(store, _SECURITY[options.tls_mode]), Kv(store)
    health = Health({stock: [], kv: []})
    server = Server(ServerReflection.extend([stock, kv, health]))
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    with socket.create_server((options.host, options.port)) as listening:
        await server.start(sock=listening, ssl=context(options))
        host, port = listening.getsockname()
        print(f"Server listening on {host}:{port}", flush=True)
        async with server:
            await stopped.wait()


def main(argv: Sequence[str]) -> int:
    """Runs the server; the exit code."""
    options = parser().parse_args(argv)
    try:
        asyncio.run(serve(options))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
