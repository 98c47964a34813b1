"""`stock certs`: identities in files, by the names that others know them by."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from soup.errors import StockError
from soup.output import json_option, print_json

KEY_TYPES: Final = ("rsa2048", "rsa4096", "p256", "p384", "p521")

# What TofuSoup's and kvproto's files are called for a key type.
_PREFIXES: Final = {
    "rsa2048": "rsa-2048",
    "rsa4096": "rsa-4096",
    "p256": "ec-secp256r1",
    "p384": "ec-secp384r1",
    "p521": "ec-secp521r1",
}


def renamed(contents: Mapping[str, bytes], names: str, key_type: str) -> dict[str, bytes]:
    """The files under other names.

    TofuSoup and kvproto trust a peer by the file of its certificate, so that there the authority's
    certificate stands behind it: as a chain it is ignored, as roots it is what counts.
    """
    if names == "stock":
        return {**contents}
    prefix = _PREFIXES[key_type]
    files = {}
    for role in ("server", "client"):
        files[f"{prefix}-mtls-{role}.crt"] = contents[f"{role}.pem"] + contents["ca.pem"]
        files[f"{prefix}-mtls-{role}.key"] = contents[f"{role}-key.pem"]
    return files if names == "tofusoup" else {f"{prefix}-ca.crt": contents["ca.pem"], **files}


@click.group()
def certs() -> None:
    """Identities for programs that are tried by hand."""


@certs.command("make")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--key-type", type=click.Choice(KEY_TYPES), default="p256", show_default=True)
@click.option(
    "--names",
    type=click.Choice(("stock", "tofusoup", "kvproto")),
    default="stock",
    show_default=True,
    help="Whose names the files have: ca.pem, server.pem, server-key.pem ...; "
    "ec-secp256r1-mtls-server.crt, .key ...; the same and ec-secp256r1-ca.crt.",
)
@json_option
def make(folder: Path, key_type: str, names: str, as_json: bool) -> None:
    """Write a new authority's certificate, a server's identity and a client's to DIR.

    They are good for localhost, 127.0.0.1 and ::1, and for a day; only you can read them. None is
    written over. The authority's own key is in none of them: nothing more can be issued.
    """
    # Loading cryptography takes time that nothing else needs.
    from conformance.certs.mint import files, write

    contents = renamed(files(key_type), names, key_type)
    try:
        write(folder, contents)
    except FileExistsError as error:
        raise StockError(
            f"{error.filename or folder}: there is one already, and none is written over"
        ) from None
    paths = [str(folder / name) for name in contents]
    if as_json:
        print_json({"key_type": key_type, "files": paths})
    else:
        click.echo("\n".join(paths))
