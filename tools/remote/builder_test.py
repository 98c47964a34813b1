"""Builds end in time, and their logs are read."""

import time
from pathlib import Path

import pytest

from tools.execution.workspace import Workspace
from tools.remote.builder import Builder, read_log
from tools.remote.install import RemoteError


def test_nothing_is_begun_when_the_time_is_over(tmp_path: Path) -> None:
    builder = Builder(Workspace(tmp_path / "absent"), [], time.monotonic())
    with pytest.raises(RemoteError, match="the time is over"):
        builder.clean()
    with pytest.raises(RemoteError, match="the time is over"):
        builder.build(["//:all"])


def test_what_is_no_log_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"mnemonic"')
    for name in ("absent.json", "half.json"):
        with pytest.raises(RemoteError, match=name):
            list(read_log(tmp_path / name))
