"""What --tls-mode means for a program: modes that it knows itself, and `auto`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from soup.auto_tls import AutoRun, find_run
from soup.errors import StockError
from soup.settings import Settings

MODES: Final = ("none", "disabled", "tls", "server", "mtls", "manual", "auto")

_PLAINTEXT: Final = ("none", "disabled")
_FILES: Final = ("--cert-file", "--key-file", "--client-ca-file")


def given(arguments: Iterable[str], flag: str) -> bool:
    """Whether a flag stands among arguments that are passed on."""
    return _value(arguments, flag) is not None


def _value(arguments: Iterable[str], flag: str) -> str | None:
    """The last value of a flag among arguments that are passed on; empty where it lacks one."""
    found = None
    tokens = iter(arguments)
    for token in tokens:
        if token == "--":
            break
        if token == flag:
            found = next(tokens, "")
        elif token.startswith(f"{flag}="):
            found = token.partition("=")[2]
    return found


def refuse_files(arguments: Sequence[str]) -> None:
    """StockError for files of a user's own where the identity is minted."""
    for flag in _FILES:
        if given(arguments, flag):
            raise StockError(f"{flag} contradicts --tls-mode auto, which mints what is needed")


def server_flags(run: AutoRun) -> list[str]:
    """What a server needs of a minted run: both ends show who they are."""
    return [
        "--tls-mode=mtls",
        f"--cert-file={run.folder / 'server.pem'}",
        f"--key-file={run.folder / 'server-key.pem'}",
        f"--client-ca-file={run.folder / 'ca.pem'}",
    ]


def client_flags(
    settings: Settings, mode: str | None, ca_out: Path | None, arguments: Sequence[str]
) -> list[str]:
    """The client's own flags for a mode. StockError where others contradict it."""
    if mode != "auto" and ca_out:
        raise StockError("--ca-out goes with --tls-mode auto")
    if mode is None:
        return []
    if mode in _PLAINTEXT:
        if given(arguments, "--tls"):
            raise StockError(f"--tls contradicts --tls-mode {mode}")
        return []
    if mode == "auto":
        refuse_files(arguments)
        named = ca_out or _ca_file(arguments)
        run = find_run(settings, settings.cwd / named if named else None)
        return [
            "--tls",
            f"--ca-file={run.folder / 'ca.pem'}",
            f"--cert-file={run.folder / 'client.pem'}",
            f"--key-file={run.folder / 'client-key.pem'}",
        ]
    if mode == "mtls" and not given(arguments, "--cert-file"):
        raise StockError("--tls-mode mtls needs --cert-file and --key-file")
    return ["--tls"]


def _ca_file(arguments: Sequence[str]) -> Path | None:
    value = _value(arguments, "--ca-file")
    return Path(value) if value else None
