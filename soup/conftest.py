"""Fixtures of tests that call the command in this process."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from soup.fakes.calling import Became
from soup.fakes.workspace import fake_workspace
from soup.workspace import Workspace


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and an empty cache; whoever would become a program raises Became."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [*os.environ]:
        if name.startswith(("BUILD_", "STOCK_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def become(argv: Sequence[str], _environ: Mapping[str, str]) -> None:
        raise Became(argv)

    for module in ("run", "matrix", "test"):
        monkeypatch.setattr(f"soup.commands.{module}.become", become)


@pytest.fixture
def workspace(alone: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace that is the working directory."""
    found = fake_workspace(tmp_path / "workspace")
    monkeypatch.chdir(found.root)
    return found
