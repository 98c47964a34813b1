"""nginx's configuration: who may do what."""

import re
from pathlib import Path

from tools.remote.nginx import configuration

TEXT = configuration(Path("/state"), Path("/store"), "127.0.0.1:1", "127.0.0.1:2")


def test_everything_is_filled_in() -> None:
    assert not re.search(r"\{[a-z]+\}", TEXT.replace("{name}", ""))
    assert "root /store;" in TEXT
    assert "\nuser " not in TEXT
    assert "\nuser me;" in configuration(Path("/"), Path("/"), "a", "b", user="me")


def test_only_the_writer_takes_what_it_is_given() -> None:
    writer, reader = TEXT.split("    server {")[1:]
    assert "listen 127.0.0.1:1;" in writer
    assert "dav_methods PUT;" in writer
    assert "listen 127.0.0.1:2;" in reader
    assert "dav_methods" not in reader
    assert "limit_except GET { deny all; }" in reader
