"""Fixtures of tests that call the built command: who calls it. A plugin of pytest."""

import json
from pathlib import Path

import pytest
from runfiles import Runfiles

from conformance.life.programs import Implementation
from conformance.runner.process import environment
from soup.fakes.user import User, located


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user who has no programs."""
    monkeypatch.chdir(tmp_path)
    environ = {**environment({}), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name in ("RUNFILES_DIR", "PYTHONPATH", "XDG_RUNTIME_DIR"):
        environ.pop(name, None)
    entries = json.loads(Path(located("SOUP_MANIFEST")).read_text("utf-8"))["implementations"]
    runfiles = Runfiles.Create()
    assert runfiles is not None
    real = {
        (entry["language"], role): runfiles.Rlocation(entry[role]) or ""
        for entry in entries
        for role in ("server", "client")
    }
    stock = located("SOUP_STOCK")
    return User(Implementation("", stock, stock, "", environ), tmp_path, real)


@pytest.fixture
def user(stranger: User) -> User:
    """A user whose variables name the programs of Go and Python."""
    named = {f"STOCK_{name}_{role}".upper(): path for (name, role), path in stranger.real.items()}
    return stranger.having(**named)
