"""The list tells who is there, and what they are."""

import json
from pathlib import Path

import pytest

from soup.fakes.calling import call
from soup.fakes.workspace import script
from soup.names import languages

pytestmark = pytest.mark.usefixtures("alone")


def test_the_list_tells_who_is_there() -> None:
    Path("soup.toml").write_text("[stock.own]\nserver = 's'", "utf-8")
    script(Path("s"), "#!/bin/sh\necho stock_server 1.2 own lib 3\n")
    listed = {one["language"]: one for one in json.loads(call("list", "--json").stdout)}
    assert {*listed} == {*languages(), "own"}
    assert listed["go"]["state"] == "not built"
    own = listed["own"]
    assert (own["state"], own["version"], own["library"]) == ("server only", "1.2", "lib 3")
    assert own["server"]["source"].endswith("soup.toml:2: stock.own.server")
    assert ["own", "server", "only", "1.2", "lib", "3"] in [
        line.split() for line in call("list").stdout.splitlines()
    ]


def test_a_program_that_does_not_answer_is_told() -> None:
    Path("soup.toml").write_text("[stock.own]\nclient = 'c'", "utf-8")
    script(Path("c"), "#!/bin/sh\necho it is broken >&2\nexit 1\n")
    result = call("list")
    assert result.exit_code == 0
    assert ["own", "trouble"] in [line.split() for line in result.stdout.splitlines()]
    assert "stock: own: " in result.stderr
    assert "exit code 1: it is broken" in result.stderr
