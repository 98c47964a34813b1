"""The go command, which gopls asks, resolves every import by the go.work, without a network."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor

_FIELDS = "ImportPath,Dir,Error,DepsErrors,Standard"


def _vendor(editor: Editor) -> None:
    """Puts the modules where the go command looks if it may not fetch: beside the go.work."""
    modules = editor.workspace / "vendor"
    if not modules.exists():
        source = runfile("go_deps/module.bzl").resolve().parent / "vendor"
        modules.mkdir()
        for entry in source.iterdir():
            if entry.name != "modules.txt":
                (modules / entry.name).symlink_to(entry)
        listed = (source / "modules.txt").read_text("utf-8")
        (modules / "modules.txt").write_text(f"## workspace\n{listed}", "utf-8")


def _list(editor: Editor) -> list[dict[str, Any]]:
    _vendor(editor)
    environ = {
        "GOCACHE": str(editor.scratch / "cache"),
        "GOFLAGS": "-mod=vendor",
        "GOPATH": str(editor.scratch / "path"),
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
    }
    go = runfile("go/bin/go").resolve()
    argv = [go, "list", "-e", "-deps", "-test", f"-json={_FIELDS}", "./go/..."]
    code, said = editor.run(argv, environ)
    assert code == 0, said
    decoder, packages = json.JSONDecoder(), []
    while said := said.lstrip():
        package, end = decoder.raw_decode(said)
        packages.append(package)
        said = said[end:]
    return packages


def _faults(packages: list[dict[str, Any]]) -> list[str]:
    return [one["Error"]["Err"] for one in packages if "Error" in one]


def test_every_import_resolves(editor: Editor) -> None:
    packages = _list(editor)
    assert _faults(packages) == []
    folders = {one["ImportPath"]: one.get("Dir") for one in packages}
    generated = editor.workspace / "generated/go/stock_grpc/stockpb"
    assert folders["tofusoup.dev/stock/go/stockpb"] == str(generated)
    assert folders["tofusoup.dev/stock/go/service"] == str(editor.workspace / "go/service")


def test_a_package_that_is_not_there_is_told(editor: Editor) -> None:
    generated = editor.workspace / "generated/go/stock_grpc/kvpb"
    elsewhere = Path(shutil.move(generated, editor.scratch / "kvpb"))
    used = editor.workspace / "go.work"
    text = used.read_text("utf-8")
    used.write_text(text.replace("\t./generated/go/stock_grpc/kvpb\n", ""), "utf-8")
    try:
        faults = _faults(_list(editor))
    finally:
        used.write_text(text, "utf-8")
        os.replace(elsewhere, generated)
    assert any("stock/go/kvpb" in fault for fault in faults)
