"""Identities for one run of a server: `--tls-mode auto`.

Each run has a folder that nobody else can open, below the user's runtime or cache folder, with an
authority's certificate and the identities of both ends (conformance/certs/mint.py has the names). The
folder goes when the server ends. A lock tells a run that lives from one that was killed: the server
holds it too, and the next run removes what nobody holds.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from soup.errors import StockError, unusable
from soup.settings import Settings, cache

_LOCK: Final = "lock"
_CERTIFICATE: Final = b"-----BEGIN CERTIFICATE-----"


class AutoRun(NamedTuple):
    """A run that lives."""

    folder: Path
    # Of the lock, which the server must hold as well.
    descriptor: int = -1


def place(settings: Settings) -> Path:
    """The folder of all runs; those of the runtime are gone with the user's session."""
    runtime = settings.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.access(runtime, os.W_OK):
        return Path(runtime) / "stock" / "auto"
    return cache(settings.environ) / "auto"


@contextlib.contextmanager
def auto_run(settings: Settings, key_type: str, ca_out: Path | None) -> Iterator[AutoRun]:
    """Mints identities that last as long as the block. StockError where they cannot be written."""
    # Loading cryptography takes time that other modes can do without.
    from conformance.certs.mint import files, write

    try:
        folder, descriptor = _new_folder(place(settings))
    except OSError as error:
        raise unusable(error) from None
    try:
        contents = files(key_type)
        write(folder, contents)
        if ca_out:
            _hand_out(ca_out, contents["ca.pem"])
        yield AutoRun(folder, descriptor)
    except OSError as error:
        raise unusable(error) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def find_run(settings: Settings, ca_file: Path | None) -> AutoRun:
    """The run whose authority a file holds; without one, the only run. StockError if there is none."""
    runs = [folder for folder in _folders(place(settings)) if _lives(folder)]
    if ca_file is not None:
        try:
            wanted = ca_file.read_bytes()
        except OSError as error:
            raise unusable(error, ca_file) from None
        runs = [folder for folder in runs if (folder / "ca.pem").read_bytes() == wanted]
        if not runs:
            raise StockError(
                f"{ca_file}: no server of --tls-mode auto that runs now has written it"
            )
    if len(runs) != 1:
        told = " and ".join(map(str, runs)) or "none runs"
        raise StockError(
            f"--tls-mode auto needs one server of that mode ({told}): tell which by --ca-out FILE"
        )
    return AutoRun(runs[0])


def _new_folder(around: Path) -> tuple[Path, int]:
    around.mkdir(parents=True, exist_ok=True, mode=0o700)
    around.chmod(0o700)
    with open(around / _LOCK, "wb") as everyones:
        # Whoever cleans up must not meet a folder that has no lock yet.
        fcntl.flock(everyones, fcntl.LOCK_EX)
        for folder in _folders(around):
            if not _lives(folder):
                shutil.rmtree(folder, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=around))
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return folder, descriptor


def _folders(around: Path) -> list[Path]:
    return sorted(around.glob("run-*"))


def _lives(folder: Path) -> bool:
    try:
        with open(folder / _LOCK, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _hand_out(file: Path, content: bytes) -> None:
    """Writes the authority's certificate where the user wants it, over an older one only."""
    if file.exists() and not file.read_bytes().startswith(_CERTIFICATE):
        raise StockError(f"{file}: --ca-out writes over certificates only")
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(file)
