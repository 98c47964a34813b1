"""Programs that are asked what they are: what they answer, and those that do not."""

import os
import sys
from pathlib import Path

import pytest

from soup import probe
from soup.fakes.workspace import script
from soup.probe import Answer, ask

_ENVIRON = {"PATH": os.defpath}

_SERVER = f"""\
#!{sys.executable}
import signal, sys
if "--version" in sys.argv:
    print("stock_server 1.2.3 go grpc-go 4.5")
    sys.exit()
assert "--port=0" in sys.argv
print("Server listening on 127.0.0.1:4321", flush=True)
signal.pause()
"""
_CLIENT = """\
#!/bin/sh
case $1 in --version) echo "stock_client 1.2.3 go grpc-go 4.5"; exit ;; esac
test "$1 $2" = "inventory --server=127.0.0.1:4321" || exit 9
printf 'items=0\nmetadata.library=grpc-go\nmetadata.runtime=go 1\n'
printf 'metadata.tls_stack=t=1\nmetadata.transport=http2\n'
"""


def test_a_server_tells_its_families(tmp_path: Path) -> None:
    server, client = script(tmp_path / "s", _SERVER), script(tmp_path / "c", _CLIENT)
    families = {"library": "grpc-go", "runtime": "go 1", "transport": "http2", "tls_stack": "t=1"}
    assert ask(server, client, _ENVIRON) == Answer("1.2.3", families)


def test_one_alone_tells_its_library(tmp_path: Path) -> None:
    families = {"library": "grpc-go 4.5", "runtime": "", "transport": "", "tls_stack": ""}
    assert ask(None, script(tmp_path / "c", _CLIENT), _ENVIRON) == Answer("1.2.3", families)
    assert ask(None, None, _ENVIRON) == Answer()


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("#!/bin/sh\necho no >&2\nexit 3", "s --version: exit code 3: no"),
        ("#!/bin/sh\necho hello", "expected PROGRAM VERSION LANGUAGE LIBRARY, got ['hello']"),
        ("hello", "Exec format error"),
        (_SERVER.replace("Server listening", "I listen"), "no ready line: b'I listen on"),
        (_SERVER.replace("signal.pause()", "sys.exit()").replace("Server", ""), "no ready line"),
        (_SERVER.replace('print("Server', 'sys.exit("Server'), "it said b''"),
    ],
)
def test_trouble_is_told(tmp_path: Path, text: str, trouble: str) -> None:
    client = script(tmp_path / "c", _CLIENT)
    assert trouble in ask(script(tmp_path / "s", text), client, _ENVIRON).trouble


def test_a_server_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_DEADLINE", 2.0)
    silent = _SERVER.replace('print("Server', 'str("Server').replace(", flush=True", "")
    server, client = script(tmp_path / "s", silent), script(tmp_path / "c", _CLIENT)
    assert "has not become ready" in ask(server, client, _ENVIRON).trouble
