"""A wrong build is seen, by its log and by its files."""

import hashlib
from pathlib import Path

from tools.execution.log import Spawn
from tools.remote.rightness import made, wrong


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_tests_tell_is_left_out() -> None:
    spawn = Spawn("//a:t", "TestRunner", {"out/bin/x": "1", "out/testlogs/a/t/test.log": "2"})
    assert made([spawn]) == {"out/bin/x": "1"}


def test_wrong_builds(tmp_path: Path) -> None:
    honest = {"a": _digest("a"), "b": _digest("b")}
    (tmp_path / "a").write_text("a")
    assert wrong(honest, honest, tmp_path) == []
    assert wrong(honest, {"a": honest["a"]}, tmp_path) == []
    assert wrong(honest, {"a": "other"}, tmp_path) == ["a has another digest"]
    assert wrong(honest, {"c": "1"}, tmp_path) == ["c has another digest"]
    (tmp_path / "b").write_text("B")
    assert wrong(honest, honest, tmp_path) == ["b holds other bytes"]


def test_a_build_that_leaves_nothing_is_wrong(tmp_path: Path) -> None:
    assert wrong({"a": "1"}, {}, tmp_path) == ["nothing that was built stands there"]
