"""The executor's configuration and Bazel's flags for it."""

import re
from pathlib import Path

from tools.remote.executor import Executor, configuration

TEXT = configuration(Path("/folder"), 4711, "postgresql+psycopg2://stock@/postgres?host=/folder")


def test_everything_is_filled_in() -> None:
    assert not re.search(r"\{[a-z]+\}", TEXT)
    assert 'address: "127.0.0.1:4711"' in TEXT
    assert "path: /folder/store" in TEXT


def test_the_url_names_the_library_that_buildgrid_can_wait_with() -> None:
    assert "connection-string: postgresql+psycopg2://stock@/postgres?host=/folder" in TEXT


def test_jobs_are_assigned() -> None:
    assert "assigners:" in TEXT


def test_flags() -> None:
    flags = Executor("127.0.0.1:1", Path("/folder"), []).flags()
    assert flags[:2] == ["--config=remote-exec", "--remote_executor=grpc://127.0.0.1:1"]
    assert "--jobs=1" in flags
