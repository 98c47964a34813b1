"""The compiler takes our own crates as rust-project.json describes them, and the rest of it is whole.

rust-analyzer reads sources and asks no other program. What it knows of a crate is a root, an edition,
names of other crates and variables; with these alone the compiler must understand the crate.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor

# https://rust-analyzer.github.io/book/non_cargo_based_projects.html
_CRATE_KEYS = {
    "cfg": list,
    "deps": list,
    "display_name": str,
    "edition": str,
    "env": dict,
    "is_proc_macro": bool,
    "is_workspace_member": bool,
    "proc_macro_dylib_path": str,
    "root_module": str,
    "version": str,
}
_NEEDED = {"deps", "edition", "root_module"}


@pytest.fixture(scope="module")
def project(editor: Editor) -> dict[str, Any]:
    """What rust-analyzer reads."""
    loaded: dict[str, Any] = json.loads((editor.workspace / "rust-project.json").read_text("utf-8"))
    return loaded


def test_the_form_is_rust_analyzers(project: dict[str, Any]) -> None:
    assert set(project) == {"sysroot", "sysroot_src", "crates"}
    for n, crate in enumerate(project["crates"]):
        assert set(crate) >= _NEEDED
        for key, value in crate.items():
            assert isinstance(value, _CRATE_KEYS[key]), (crate["display_name"], key)
        assert all(dep["crate"] < n or crate["is_workspace_member"] for dep in crate["deps"])


def test_every_root_and_macro_is_there(editor: Editor, project: dict[str, Any]) -> None:
    roots = [crate["root_module"] for crate in project["crates"]]
    assert [root for root in roots if not Path(root).is_file()] == []
    macros = [crate for crate in project["crates"] if crate.get("is_proc_macro")]
    assert macros
    assert [one for one in macros if not Path(one["proc_macro_dylib_path"]).is_file()] == []
    own = {crate["display_name"] for crate in project["crates"] if crate["is_workspace_member"]}
    assert own >= {"stock", "stock_grpc", "stock_client", "stock_server", "service_test"}


class Compiler:
    """Compiles crates by their descriptions, third-party ones being compiled already."""

    def __init__(self, editor: Editor, crates: list[dict[str, Any]]) -> None:
        self._editor = editor
        self._crates = crates
        self._layer = Path(os.environ["LAYER"]).resolve()

    def compile(self, number: int) -> tuple[int, str]:
        """Compiles a crate as far as the types; those of ours below it are compiled before."""
        crate = self._crates[number]
        argv = [runfile("rust/bin/rustc").resolve(), crate["root_module"], "--emit=metadata"]
        argv += ["--crate-name", crate["display_name"], "--edition", crate["edition"]]
        argv += ["--test"] if "test" in crate["cfg"] else ["--crate-type=lib"]
        argv += ["--cap-lints=allow", f"--out-dir={self._editor.scratch}"]
        argv += [f"-Ldependency={self._layer}", f"-L{self._editor.scratch}"]
        for dep in crate["deps"]:
            argv += ["--extern", self._extern(dep)]
        return self._editor.run(argv, crate["env"])

    def _extern(self, dep: dict[str, Any]) -> str:
        below = self._crates[dep["crate"]]
        if below["is_workspace_member"]:
            library = self._editor.scratch / f"lib{below['display_name']}.rmeta"
            if not library.exists():
                assert self.compile(dep["crate"]) == (0, "")
        else:
            suffix = "so" if below["is_proc_macro"] else "rlib"
            [library] = self._layer.glob(f"lib{below['display_name']}-*.{suffix}")
        return f"{dep['name']}={library}"


def _number(crates: list[dict[str, Any]], name: str) -> int:
    [number] = [
        n
        for n, crate in enumerate(crates)
        if crate["display_name"] == name and crate["is_workspace_member"]
    ]
    return number


def test_our_own_crates_are_understood(editor: Editor, project: dict[str, Any]) -> None:
    compiler = Compiler(editor, project["crates"])
    assert compiler.compile(_number(project["crates"], "store_test")) == (0, "")


def test_a_crate_that_is_not_named_is_told(editor: Editor, project: dict[str, Any]) -> None:
    crates = json.loads(json.dumps(project["crates"]))
    stock = crates[_number(crates, "stock")]
    stock["deps"] = [dep for dep in stock["deps"] if dep["name"] != "stock_grpc"]
    code, said = Compiler(editor, crates).compile(_number(crates, "stock"))
    assert code != 0
    assert "stock_grpc" in said
