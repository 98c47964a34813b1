"""A worker as on a machine of its own: buildbox's worker with a runner that isolates, over a store of its own."""

import contextlib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.remote import install
from tools.remote.install import MORTAL
from tools.remote.ready import await_channel
from tools.remote.server import Server, server

_PROGRAMS = (
    "buildbox-casd",
    "buildbox-run-bubblewrap",
    "buildbox-run-hosttools",
    "buildbox-worker",
    "bwrap",
)
# Debian's newest, started through its own loader: the machine's C library may be older.
_LAUNCHER = """\
#!/bin/sh
PATH={bin}:/usr/bin:/bin exec {root}/usr/lib64/ld-linux-x86-64.so.2 \\
    --library-path {root}/usr/lib/x86_64-linux-gnu {root}/usr/bin/{name} "$@"
"""
_STORE = "8G"


@dataclass(frozen=True)
class Worker:
    """A running worker: the process that takes jobs, and the store that it works from."""

    name: str
    jobs: Server
    store: Server

    def kill(self) -> None:
        """Ends it in the midst of what it does."""
        self.jobs.kill()
        self.store.kill()


def launchers(folder: Path, root: Path) -> Path:
    """Writes the programs' launchers; their folder."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name in _PROGRAMS:
        file = programs / name
        file.write_text(_LAUNCHER.format(bin=programs, root=root, name=name), encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return programs


def runner(programs: Path, image: Sequence[Path]) -> list[str]:
    """The flags that say how an action is run: isolated, over an image; or where it stands, without one."""
    if not image:
        return [f"--buildbox-run={programs}/buildbox-run-hosttools"]
    # The runner takes a link for what it says, so /bin is given by what it stands for.
    seen = [f"--runner-arg=--ro-bind-mount={path.resolve()}:{path}" for path in image]
    return [f"--buildbox-run={programs}/buildbox-run-bubblewrap", *seen]


@contextlib.contextmanager
def worker(name: str, endpoint: str, place: Path, image: Sequence[Path]) -> Iterator[Worker]:
    """A worker of one action at a time, below `place`. Raises RemoteError."""
    folder = place / name
    folder.mkdir()
    programs = launchers(folder, install.buildbox() / "root")
    socket = f"unix:{folder}/store.socket"
    remote = f"http://{endpoint}"
    store_command: list[str | Path] = [
        *(*MORTAL, programs / "buildbox-casd", f"--cas-remote={remote}"),
        *(f"--bind={socket}", f"--quota-high={_STORE}", folder / "store"),
    ]
    jobs_command: list[str | Path] = [
        *(*MORTAL, programs / "buildbox-worker", f"--bots-remote={remote}"),
        *(f"--cas-remote={socket}", "--concurrent-jobs=1", "--max-wait-time=15"),
        *(*runner(programs, image), "--platform", "OSFamily=Linux", name),
    ]
    with server(store_command, folder / "store.log") as store:
        await_channel(socket)
        store.check()
        with server(jobs_command, folder / "jobs.log") as jobs:
            yield Worker(name, jobs, store)
