"""Tests, as actions, have no network but their own loopback, and nobody's environment."""

import os
import socket
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_there_is_no_interface_but_loopback() -> None:
    lines = Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:]
    assert [line.partition(":")[0].strip() for line in lines] == ["lo"]


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_path_is_the_fixed_one() -> None:
    # Bazel's wrapper for tests puts the working directory first.
    assert os.environ["PATH"] == ".:/bin:/usr/bin:/usr/local/bin"


def test_no_variable_of_the_user_comes_in() -> None:
    assert {"HOME", "LANG", "PYTHONHASHSEED", "https_proxy"}.isdisjoint(os.environ)
