"""The HTTP cache: Debian's nginx over a folder."""

import contextlib
import getpass
import http.client
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.remote import install
from tools.remote.install import RemoteError
from tools.remote.traffic import Traffic

_TEMPLATE = Path(__file__).with_name("nginx.conf.tpl")
_DEADLINE = 60.0


@dataclass(frozen=True)
class HttpCache:
    """A running cache: where it is written to, where it is read, and the folder behind it."""

    writer: str
    reader: str
    store: Path
    traffic: Traffic
    process: subprocess.Popen[str]

    def flags(self, *, write: bool = False) -> list[str]:
        """Bazel's flags for it."""
        if write:
            return [f"--remote_cache={self.writer}", "--remote_upload_local_results"]
        return [f"--remote_cache={self.reader}"]

    def kill(self) -> None:
        """Ends it as a machine does that loses its power."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_DEADLINE)


def configuration(state: Path, store: Path, writer: str, reader: str, user: str = "") -> str:
    """The configuration of nginx; `user` is whose rights a server has that root starts."""
    text = _TEMPLATE.read_text("utf-8")
    values = {
        "reader": reader,
        "state": str(state),
        "store": str(store),
        "user": f"user {user};" if user else "",
        "writer": writer,
    }
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@contextlib.contextmanager
def http_cache(store: Path) -> Iterator[HttpCache]:
    """A cache over a folder, which is made if it is not there. Raises RemoteError."""
    root = install.nginx() / "root"
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.parent, prefix="nginx-") as state:
        running = _start(root, Path(state), store.resolve())
        try:
            yield running
        finally:
            running.kill()
            running.traffic.join(_DEADLINE)


def _start(root: Path, state: Path, store: Path) -> HttpCache:
    with _listening() as write, _listening() as read:
        names = ["{}:{}".format(*listener.getsockname()) for listener in (write, read)]
        user = getpass.getuser() if os.geteuid() == 0 else ""
        file = state / "nginx.conf"
        file.write_text(configuration(state, store, names[0], names[1], user), encoding="utf-8")
        numbers = (write.fileno(), read.fileno())
        process = subprocess.Popen(
            [*install.MORTAL, root / "usr/sbin/nginx", "-c", file, "-e", state / "error.log"],
            # nginx takes sockets that listen already: no port is ever anybody else's.
            env=install.libraries(root) | {"NGINX": "".join(f"{number};" for number in numbers)},
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    urls = [f"http://{name}" for name in names]
    running = HttpCache(urls[0], urls[1], store, Traffic(process.stdout), process)
    try:
        for name in names:
            _ask(name)
    except OSError as error:
        running.kill()
        raise RemoteError(f"nginx: {error}: {(state / 'error.log').read_text()}") from error
    return running


def _listening() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    # What a worker does not take at once must not block it.
    listener.setblocking(False)
    return listener


def _ask(name: str) -> None:
    """Waits for an answer; the socket listens already, and closes if nginx ends."""
    host, _, port = name.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=_DEADLINE)
    try:
        connection.request("GET", "/")
        status = connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"no answer: {error!r}") from error
    finally:
        connection.close()
    if status != 404:
        raise OSError(f"answered {status}")
