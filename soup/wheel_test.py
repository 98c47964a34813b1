"""The wheel, installed by pip into a virtual environment that has nothing else of the project."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pip
import pytest
from runfiles import Runfiles

from soup.fakes.workspace import script

_DEADLINE = 120


def wheel() -> Path:
    runfiles = Runfiles.Create()
    assert runfiles is not None
    return Path(runfiles.Rlocation(os.environ["SOUP_WHEEL"]) or "")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel. What it needs is lent: there is no network here."""
    folder = tmp_path_factory.mktemp("environment")
    call(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / "bin/python"
    packages = call(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    installer = Path(pip.__file__).parent
    Path(packages.strip(), "lent.pth").write_text(f"{installer.parent}\n", "utf-8")
    # Real pip: it refuses if what is lent is older than what the wheel asks for.
    call(str(python), str(installer), "install", "--no-index", "--no-compile", str(wheel()))
    return folder


def call(*argv: str, code: int = 0) -> str:
    """Runs a program outside of Bazel's influence; what it prints."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        argv,
        env={**kept, "HOME": os.getcwd()},
        capture_output=True,
        text=True,
        check=False,
        timeout=_DEADLINE,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No workspace is near."""
    monkeypatch.chdir(tmp_path)


def test_the_command_is_there(environment: Path) -> None:
    stock = str(environment / "bin/stock")
    assert call(stock, "--help").startswith("Usage: stock [OPTIONS]")
    assert {one["language"] for one in json.loads(call(stock, "list", "--json"))} >= {"go", "rust"}
    call(stock, "certs", "make", "certs", "--key-type=p256")
    assert "ca.pem" in os.listdir("certs")


def test_programs_come_from_soup_toml_or_it_is_said_what_to_do(environment: Path) -> None:
    stock = str(environment / "bin/stock")
    assert "stock harness build stock-go" in call(stock, "get", "k", "--client=go", code=2)
    assert "stock matrix needs a workspace" in call(stock, "matrix", code=2)
    script(Path("mine"), '#!/bin/sh\necho "$*"\nexit 69\n')
    Path("soup.toml").write_text("[stock.go]\nclient = 'mine'", "utf-8")
    assert call(stock, "get", "k", "--client=go", code=69) == "get k\n"


def test_reports_are_made_without_a_workspace(environment: Path) -> None:
    stock = str(environment / "bin/stock")
    Path("results.json").write_text("[]", "utf-8")
    assert "results.json: expected an object" in call(stock, "report", "html", ".", code=2)


_HOST = """\
import sys
import click
from soup.cli import stock

@click.group()
@click.option("--config-file")
@click.pass_context
def host(ctx, config_file):
    ctx.obj = {"PROJECT_ROOT": "its own"}

host.add_command(stock)
try:
    host(sys.argv[1:])
finally:
    assert not {"google", "grpc", "proto"} & {name.partition(".")[0] for name in sys.modules}
"""


def test_another_command_can_mount_the_group(environment: Path) -> None:
    python = str(environment / "bin/python")
    Path("other.toml").write_text("[stock]\nclient = 'rust'", "utf-8")
    shown = call(
        python, "-c", _HOST, "--config-file=other.toml", "stock", "config", "show", "--json"
    )
    assert json.loads(shown)["client"] == "rust"
    assert "Usage: -c stock get [OPTIONS]" in call(python, "-c", _HOST, "stock", "get", "--help")
    assert "did you mean 'server'?" in call(python, "-c", _HOST, "stock", "serve", code=2)


def test_it_holds_the_same_at_any_time() -> None:
    with zipfile.ZipFile(wheel()) as packed:
        entries = packed.infolist()
    names = [entry.filename for entry in entries]
    assert {entry.date_time for entry in entries} == {(2020, 2, 2, 0, 0, 0)}
    unwanted = ("__pycache__", "_test.py", "conftest.py", "/fakes/")
    assert not [name for name in names if any(part in name for part in unwanted)]
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "conformance",
        "soup",
        "tofusoup_stock",
    }
