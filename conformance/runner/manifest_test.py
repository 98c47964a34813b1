"""Manifests: what is read, and that a broken one says what is wrong."""

import json
from pathlib import Path

import pytest

from conformance.runner.manifest import ManifestError, read

GO = {
    "language": "go",
    "server": "_main/go/stock_server",
    "client": "_main/go/stock_client",
    "known_failing": "_main/go/known_failing.toml",
    "missing": "",
}
RUST = {"language": "rust", "server": "", "client": "", "known_failing": "", "missing": "no cargo"}


def text(*entries: object) -> str:
    """A manifest with these entries."""
    return json.dumps({"implementations": entries})


def test_reads(tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.touch()
    found = read(text(GO, RUST), lambda _: str(file))
    go, rust = found.implementations
    assert found.languages == ("go", "rust")
    assert (go.language, go.server, go.missing) == ("go", (str(file), "--session"), "")
    assert go.known_failing == file
    assert (rust.server, rust.client, rust.missing) == ((), (), "no cargo")


def test_languages_elsewhere_are_languages_of_the_matrix() -> None:
    part = json.dumps({"implementations": [RUST], "others": ["go"]})
    assert read(part, lambda _: None).languages == ("rust", "go")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("not JSON", "expected {"),
        ("{}", "expected {"),
        (text(), "no implementation"),
        (text(RUST, RUST), "a language stands twice"),
        (text({"language": "go"}), "expected an object with the strings"),
        (text(GO), "go: no file for server '_main/go/stock_server'"),
    ],
)
def test_a_broken_manifest_is_an_error(manifest: str, message: str) -> None:
    with pytest.raises(ManifestError, match=message):
        read(manifest, lambda _: None)
