"""The executor: BuildGrid, its database, and workers."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.remote import install
from tools.remote.buildgrid import serving
from tools.remote.postgresql import database
from tools.remote.ready import await_channel
from tools.remote.worker import Worker, worker

NAMES = ("one", "other")
_TEMPLATE = Path(__file__).with_name("executor.yml.tpl")


@dataclass(frozen=True)
class Executor:
    """A running executor: where it is, the folder of what it knows, and its workers."""

    endpoint: str
    folder: Path
    workers: Sequence[Worker]

    def flags(self) -> list[str]:
        """Bazel's flags for it; as many actions at once as there are workers, and one that waits."""
        return [
            "--config=remote-exec",
            f"--remote_executor=grpc://{self.endpoint}",
            f"--jobs={len(self.workers) + 1}",
            # A hundred calls at once: BuildGrid refuses more than it has threads.
            "--remote_max_connections=1",
        ]


def configuration(folder: Path, port: int, found_at: str) -> str:
    """BuildGrid's configuration; `found_at` is its database."""
    values = {"database": found_at, "folder": str(folder), "port": str(port)}
    text = _TEMPLATE.read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@contextlib.contextmanager
def executor(place: Path, names: Sequence[str], image: Sequence[Path]) -> Iterator[Executor]:
    """An executor that has executed nothing yet, in a folder of its own below `place`. Raises RemoteError."""
    programs = install.buildgrid() / "venv/bin"
    place.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(dir=place, prefix="executor-"))
        )
        found_at = stack.enter_context(database(folder))
        install.run(programs / "bgd", "migrate", "apply", found_at)
        port = stack.enter_context(
            serving(folder, lambda port: configuration(folder, port, found_at))
        )
        endpoint = f"127.0.0.1:{port}"
        await_channel(endpoint)
        yield Executor(
            endpoint,
            folder,
            [stack.enter_context(worker(name, endpoint, folder, image)) for name in names],
        )
