"""The configuration is shown with where it comes from."""

import json
from pathlib import Path

import pytest

from soup.fakes.calling import call

pytestmark = pytest.mark.usefixtures("alone")


def test_the_configuration_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("soup.toml").write_text("[stock]\nharness = 'kept'\n[stock.go]\nserver = 's'", "utf-8")
    monkeypatch.setenv("STOCK_RUST_CLIENT", "/c")
    shown = json.loads(call("config", "show", "--json").stdout)
    here = Path.cwd()
    assert shown["file"] == f"{here}/soup.toml"
    assert shown["harness"] == f"{here}/kept"
    assert shown["harness_source"].endswith("soup.toml:2: stock.harness")
    assert (shown["client"], shown["client_source"]) == ("python", "default")
    go = {
        "name": "go server",
        "path": f"{here}/s",
        "source": f"{here}/soup.toml:4: stock.go.server",
    }
    rust = {"name": "rust client", "path": "/c", "source": "STOCK_RUST_CLIENT"}
    assert shown["programs"] == [go, rust]
    assert f"{here}/kept" in call("config", "show").stdout
