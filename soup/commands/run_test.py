"""Servers and clients are started with what was given, in both orders."""

from pathlib import Path

import pytest

from soup.fakes.calling import refused, started
from soup.fakes.workspace import script

pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize("order", ["go server", "server go"])
def test_a_server_is_started_in_both_orders(order: str) -> None:
    script(Path("s"))
    line = f"{order} --port 0 --tls-mode mtls --program s --grace-seconds=0"
    expected = [f"{Path.cwd()}/s", "--tls-mode=mtls", "--port", "0", "--grace-seconds=0"]
    assert started(*line.split()) == expected


@pytest.mark.parametrize("order", ["nodejs client", "client node"])
def test_a_client_is_started_in_both_orders(order: str) -> None:
    script(Path("c"))
    line = f"{order} put --program c --server=h:1 -- --key -5"
    expected = [f"{Path.cwd()}/c", "put", "--server=h:1", "--", "--key", "-5"]
    assert started(*line.split()) == expected


def test_the_client_of_an_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("by_default", "by_toml", "by_variable", "by_flag"):
        script(Path(name))
    monkeypatch.setenv("STOCK_PYTHON_CLIENT", "by_default")
    assert started("get", "k") == [f"{Path.cwd()}/by_default", "get", "k"]
    toml = "[stock]\nclient = 'go'\n[stock.go]\nclient = 'by_toml'\n[stock.own]\nclient = 'by_flag'"
    Path("soup.toml").write_text(toml, "utf-8")
    assert started("kv-get", "k") == [f"{Path.cwd()}/by_toml", "kv-get", "k"]
    monkeypatch.setenv("STOCK_CLIENT", "rust")
    monkeypatch.setenv("STOCK_RUST_CLIENT", "by_variable")
    assert started("get", "k") == [f"{Path.cwd()}/by_variable", "get", "k"]
    assert started("get", "--client", "own", "k") == [f"{Path.cwd()}/by_flag", "get", "k"]
    monkeypatch.setenv("STOCK_CLIENT", "pyton")
    assert "unknown language 'pyton'" in refused("get", "k")
