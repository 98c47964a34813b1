"""The compiler takes all sources by what the .classpath and the .project say."""

import os
from pathlib import Path
from xml.etree import ElementTree

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor

_MAIN = "dotty.tools.dotc.Main"


def _links(editor: Editor) -> dict[str, Path]:
    project = ElementTree.parse(editor.workspace / "scala/.project")
    links = project.iterfind("linkedResources/link")
    return {str(one.findtext("name")): Path(str(one.findtext("location"))) for one in links}


def _entries(editor: Editor, kind: str) -> list[str]:
    classpath = ElementTree.parse(editor.workspace / "scala/.classpath")
    return [one.attrib["path"] for one in classpath.iterfind(f"classpathentry[@kind='{kind}']")]


def _scalac(editor: Editor, jars: list[str]) -> tuple[int, str]:
    links = _links(editor)
    folders = [
        links.get(name, editor.workspace / "scala" / name) for name in _entries(editor, "src")
    ]
    sources = sorted(source for folder in folders for source in folder.rglob("*.scala"))
    classes = editor.scratch / "classes"
    classes.mkdir(exist_ok=True)
    compiler = ":".join(str(Path(jar).resolve()) for jar in os.environ["COMPILER"].split())
    java = [runfile("java/java").resolve(), "-XX:TieredStopAtLevel=1", "-cp", compiler, _MAIN]
    flags = ["-color:never", "-nowarn", "-classpath", ":".join(jars)]
    return editor.run([*java, *flags, "-d", classes, *sources])


def test_all_sources_are_understood(editor: Editor) -> None:
    code, said = _scalac(editor, _entries(editor, "lib"))
    assert code == 0, said
    assert (editor.scratch / "classes/dev/tofusoup/stock/BuildInfo.class").exists()


def test_a_jar_that_is_not_there_is_told(editor: Editor) -> None:
    jars = [jar for jar in _entries(editor, "lib") if not jar.endswith("libstock_grpc.jar")]
    code, said = _scalac(editor, jars)
    assert code != 0
    assert "Not Found Error" in said
