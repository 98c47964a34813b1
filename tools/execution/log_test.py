"""Bazel's execution log: one JSON object after the other, without commas."""

import pytest

from tools.execution.log import Spawn, read, spawns

LOG = """{
  "commandArgs": ["compile"],
  "mnemonic": "GoCompile",
  "actualOutputs": [
    {"path": "bin/store.a", "digest": {"hash": "00ff", "sizeBytes": "12"}},
    {"path": "bin/tree"}
  ],
  "targetLabel": "//go/store:store"
}{
  "mnemonic": "GoLayer",
  "targetLabel": "@@_main~go~go_deps//:layer",
  "environmentVariables": [{"name": "LC_ALL", "value": "C"}],
  "inputs": [
    {"path": "go.mod", "digest": {"hash": "11", "sizeBytes": "1"}},
    {"path": "link", "symlinkTargetPath": "go.mod"}
  ],
  "listedOutputs": ["layer"],
  "runner": "linux-sandbox",
  "remoteCacheable": true,
  "digest": {"hash": "aa", "sizeBytes": "140"}
}
"""


def test_spawns_have_their_outputs() -> None:
    compiled, layer = spawns(LOG)
    assert compiled == Spawn(
        "//go/store:store", "GoCompile", {"bin/store.a": "00ff"}, arguments=("compile",)
    )
    assert (layer.mnemonic, layer.outputs) == ("GoLayer", {})


def test_spawns_have_what_they_depend_on() -> None:
    compiled, layer = spawns(LOG)
    assert (compiled.runner, compiled.key, compiled.promised) == ("", "", ())
    assert (layer.runner, layer.key, layer.promised) == ("linux-sandbox", "aa", ("layer",))
    assert layer.inputs == {"go.mod": "11", "link": "-> go.mod"}
    assert layer.environment == {"LC_ALL": "C"}


def test_a_log_is_read_entry_by_entry() -> None:
    assert list(read(LOG.splitlines(keepends=True))) == list(spawns(LOG))
    assert list(read([])) == []
    with pytest.raises(ValueError, match="Unterminated"):
        list(read(["{\n", ' "mnemonic": "half']))


@pytest.mark.parametrize(
    ("label", "package"),
    [
        ("//go/store:store", "go/store"),
        ("//:all", ""),
        ("@@//go:go", "go"),
        ("@@_main~go~go_deps//:layer", "@@_main~go~go_deps//"),
        ("@pip//wheels:x", "@pip//wheels"),
    ],
)
def test_packages(label: str, package: str) -> None:
    assert Spawn(label, "", {}).package == package


def test_an_empty_log_has_none_and_garbage_is_an_error() -> None:
    assert list(spawns(" \n")) == []
    with pytest.raises(ValueError, match="Expecting"):
        list(spawns("{} garbage"))
