"""Clojure loads all sources by what the .classpath and the .project say."""

from pathlib import Path
from xml.etree import ElementTree

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor

_LOADED = "(require 'stock.stock-server 'stock.stock-client) (println stock.build-info/version)"


def _links(editor: Editor) -> dict[str, Path]:
    project = ElementTree.parse(editor.workspace / "clojure/.project")
    links = project.iterfind("linkedResources/link")
    return {str(one.findtext("name")): Path(str(one.findtext("location"))) for one in links}


def _entries(editor: Editor, kind: str) -> list[str]:
    classpath = ElementTree.parse(editor.workspace / "clojure/.classpath")
    return [one.attrib["path"] for one in classpath.iterfind(f"classpathentry[@kind='{kind}']")]


def _load(editor: Editor, jars: list[str]) -> tuple[int, str]:
    links = _links(editor)
    folders = [
        str(links.get(name, editor.workspace / "clojure" / name))
        for name in _entries(editor, "src")
    ]
    java = [runfile("java/java").resolve(), "-XX:TieredStopAtLevel=1"]
    return editor.run([*java, "-cp", ":".join([*folders, *jars]), "clojure.main", "-e", _LOADED])


def test_all_sources_are_understood(editor: Editor) -> None:
    code, said = _load(editor, _entries(editor, "lib"))
    assert code == 0, said


def test_a_jar_that_is_not_there_is_told(editor: Editor) -> None:
    jars = [jar for jar in _entries(editor, "lib") if not jar.endswith("libstock_grpc.jar")]
    code, said = _load(editor, jars)
    assert code != 0
    assert "ClassNotFoundException" in said
