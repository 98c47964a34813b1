"""Mints the certificates of a cache and of those who may use it."""

from pathlib import Path

from tools.remote.install import run

_NEW_KEY = ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")


def mint(folder: Path) -> None:
    """Writes `roots`, `server` and `client`, each `.pem` and `.key`, for two days."""
    roots = (folder / "roots.pem", "-keyout", folder / "roots.key")
    run(*_NEW_KEY, "-x509", "-days", "2", "-subj", "/CN=roots", "-out", *roots)
    signed = ("-CA", folder / "roots.pem", "-CAkey", folder / "roots.key", "-x509", "-days", "2")
    for name in ("server", "client"):
        own = ("-out", folder / f"{name}.pem", "-keyout", folder / f"{name}.key")
        names = ("-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost")
        run(*_NEW_KEY, *signed, *names, *own)
