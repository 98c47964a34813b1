"""Tests of minting to files: what they hold, who reads them, and that none is overwritten."""

import ssl
import stat
from pathlib import Path

import pytest

from conformance.certs.mint import main

NAMES = ["ca.pem", "client-key.pem", "client.pem", "server-key.pem", "server.pem"]


def test_both_identities_are_of_the_authority(tmp_path: Path) -> None:
    assert main(["certs", "p384"], {"BUILD_WORKING_DIRECTORY": str(tmp_path)}) == 0
    folder = tmp_path / "certs"
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    for role in ("server", "client"):
        context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        context.load_cert_chain(folder / f"{role}.pem", folder / f"{role}-key.pem")
    assert b"PRIVATE" not in (folder / "ca.pem").read_bytes()


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    assert main([str(tmp_path)], {}) == 0
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o600}


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "server.pem").write_text("mine")
    assert main([str(tmp_path)], {}) == 2
    assert (tmp_path / "server.pem").read_text() == "mine"
    assert "server.pem: File exists" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["folder", "p257"], ["folder", "p256", "more"]])
def test_wrong_usage(
    argv: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv, {}) == 2
    assert capsys.readouterr().err.startswith("usage: mint FOLDER [rsa2048|")
    assert not [*tmp_path.iterdir()]
