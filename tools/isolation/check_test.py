"""What an edit is, and what counts as another's."""

from pathlib import Path

import pytest

from tools.execution.log import Spawn
from tools.isolation.check import (
    _SOURCE,
    _TEST,
    CheckError,
    Edit,
    code,
    comment,
    edited_file,
    plan,
    strangers,
)


@pytest.mark.parametrize(
    ("source", "test", "line"),
    [
        ("store/store.go", "store/store_test.go", "// An edit.\n"),
        ("src/Store.java", "test/StoreTest.java", "// An edit.\n"),
        ("src/store.ts", "test/store-test.ts", "// An edit.\n"),
        ("store.rb", "test/store_test.rb", "# An edit.\n"),
        ("store.clj", "store_test.clj", ";; An edit.\n"),
    ],
)
def test_files_are_found_by_role(tmp_path: Path, source: str, test: str, line: str) -> None:
    for name in (source, test, "README.md", "restore.go"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert edited_file(tmp_path, _SOURCE) == tmp_path / source
    assert edited_file(tmp_path, _TEST) == tmp_path / test
    assert comment(tmp_path / source) == line


def test_a_language_without_such_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=tmp_path.name):
        edited_file(tmp_path, _SOURCE)


def test_each_language_is_edited_in_turn_and_the_proto_last(tmp_path: Path) -> None:
    for name in ("go/store.go", "go/store_test.go", "proto/stock.proto"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    source, test, proto = (
        tmp_path / name for name in ("go/store.go", "go/store_test.go", "proto/stock.proto")
    )
    line = "// An edit.\n"
    assert plan(tmp_path, ["go"]) == [
        ("go", "code", [Edit(source, "// AnEdit is one.\nconst AnEdit = 1\n")]),
        ("go", "comment and test", [Edit(source, line), Edit(test, line)]),
        ("proto", "comment", [Edit(proto, line)]),
    ]


def test_a_suffix_without_code_is_named() -> None:
    with pytest.raises(CheckError, match=r"store\.cob: no code of \.cob"):
        code(Path("store.cob"))


def test_what_is_not_the_languages_own_is_a_stranger() -> None:
    own = [Spawn("//go/store:store", "GoCompile", {}), Spawn("@@//go:go_test", "GoLink", {})]
    others = [Spawn("//rust:stock", "RustLibrary", {}), Spawn("//goal:x", "GoCompile", {})]
    assert strangers("go", own) == []
    assert strangers("go", own + others) == ["GoCompile of //goal:x", "RustLibrary of //rust:stock"]
