"""The executor's database: Debian's PostgreSQL over a folder, which listens on a socket in that folder alone."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.remote import install
from tools.remote.install import MORTAL, RemoteError
from tools.remote.server import said

_PROGRAMS = "usr/lib/postgresql/15/bin"
_READY = "ready to accept connections"
_DEADLINE = 60.0
# It refuses to be root. In a namespace of users somebody else is root here, with root's files.
_SOMEBODY = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
# Nothing of it outlives a run; and there is no LLVM.
_SETTINGS = {
    "fsync": "off",
    "jit": "off",
    "listen_addresses": "",
    "log_timezone": "GMT",
    "max_connections": "200",
    "timezone": "GMT",
}


def as_somebody(uid: int) -> tuple[str, ...]:
    """Begins a command that may not be root's."""
    return _SOMEBODY if uid == 0 else ()


def settings(folder: Path) -> list[str]:
    """The arguments that say how it runs."""
    all_settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
    return [word for name, value in all_settings.items() for word in ("-c", f"{name}={value}")]


@contextlib.contextmanager
def database(folder: Path) -> Iterator[str]:
    """A database with nothing in it, below `folder`; how SQLAlchemy finds it. Raises RemoteError."""
    root = install.postgresql() / "root"
    libraries = f"LD_LIBRARY_PATH={install.libraries(root)['LD_LIBRARY_PATH']}"
    somebody = (*as_somebody(os.geteuid()), *MORTAL, "env", libraries)
    data = folder / "data"
    made = ("--username=stock", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    install.run(*somebody, root / _PROGRAMS / "initdb", *made, "--pgdata", data)
    line = [*somebody, str(root / _PROGRAMS / "postgres"), "-D", str(data), *settings(folder)]
    process = subprocess.Popen(
        line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        log = folder / "postgresql.log"
        if not said(process, _READY, log):
            raise RemoteError(f"postgres is not ready: {log.read_text('utf-8')}")
        # psycopg2, not its successor, which BuildGrid does not know how to wait with.
        yield f"postgresql+psycopg2://stock@/postgres?host={folder}"
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(_DEADLINE)
