"""Bazel's execution log: one JSON object after the other, without commas."""

import pytest

from tools.execution.log import Spawn, spawns

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
  "targetLabel": "@@_main~go~go_deps//:layer"
}
"""


def test_spawns_have_their_outputs() -> None:
    compiled, layer = spawns(LOG)
    assert compiled == Spawn("//go/store:store", "GoCompile", {"bin/store.a": "00ff"})
    assert (layer.mnemonic, layer.outputs) == ("GoLayer", {})


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
