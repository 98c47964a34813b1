"""Whether a build made what an honest one made: by its log, and by the files that stand there."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools.execution.log import Spawn

# What tests tell holds times.
_TOLD = ("/testlogs/",)


def made(spawns: Iterable[Spawn]) -> dict[str, str]:
    """Digests of what spawns made, by path; what tests tell is left out."""
    return {
        path: digest
        for spawn in spawns
        for path, digest in spawn.outputs.items()
        if not any(part in path for part in _TOLD)
    }


def wrong(honest: Mapping[str, str], now: Mapping[str, str], root: Path) -> list[str]:
    """What a build made otherwise than the honest one, a line each; `root` is its execution root.

    A cache that lies about a digest would be believed by the log: files that stand there are read.
    """
    lines = [f"{path} has another digest" for path in now if honest.get(path) != now[path]]
    found = 0
    for path, digest in honest.items():
        file = root / path
        if file.is_file():
            found += 1
            if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                lines.append(f"{path} holds other bytes")
    return lines if found else [*lines, "nothing that was built stands there"]
