"""Writes an authority's certificate and two identities of it to files, for programs that are tried by hand.

./bazelw run //conformance/certs:mint -- FOLDER [KEY_TYPE]
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from conformance.certs.authority import mint
from conformance.certs.keys import KEY_TYPES


def files(key_type: str) -> dict[str, bytes]:
    """Content by name. The authority's own key is in none of them: nothing more can be issued."""
    authority = mint(key_type)
    server, client = (authority.issue(common_name=f"stock-{role}") for role in ("server", "client"))
    return {
        "ca.pem": authority.roots_pem,
        "server.pem": server.chain_pem,
        "server-key.pem": server.key_pem,
        "client.pem": client.chain_pem,
        "client-key.pem": client.key_pem,
    }


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Writes new files that only their owner reads. FileExistsError where there is one already."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """0 where the files are written, 2 where they cannot be, or the arguments are wrong."""
    folder, key_type = (*argv, "p256")[:2] if argv else ("", "")
    if not folder or len(argv) > 2 or key_type not in KEY_TYPES:
        print(f"usage: mint FOLDER [{'|'.join(KEY_TYPES)}]", file=sys.stderr)
        return 2
    try:
        # `bazel run` starts programs elsewhere than where it is called.
        write(Path(environ.get("BUILD_WORKING_DIRECTORY", "."), folder), files(key_type))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
