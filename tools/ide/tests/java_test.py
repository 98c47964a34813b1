"""The compiler takes all sources by what the .classpath and the .project say."""

from pathlib import Path
from xml.etree import ElementTree

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor


def _links(editor: Editor) -> dict[str, Path]:
    project = ElementTree.parse(editor.workspace / "java/.project")
    links = project.iterfind("linkedResources/link")
    return {str(one.findtext("name")): Path(str(one.findtext("location"))) for one in links}


def _entries(editor: Editor, kind: str) -> list[str]:
    classpath = ElementTree.parse(editor.workspace / "java/.classpath")
    return [one.attrib["path"] for one in classpath.iterfind(f"classpathentry[@kind='{kind}']")]


def _javac(editor: Editor, jars: list[str]) -> tuple[int, str]:
    links = _links(editor)
    folders = [
        links.get(name, editor.workspace / "java" / name) for name in _entries(editor, "src")
    ]
    sources = sorted(str(path) for folder in folders for path in folder.rglob("*.java"))
    arguments = editor.scratch / "arguments"
    arguments.write_text("\n".join(sources), "utf-8")
    classes = editor.scratch / "classes"
    argv = [
        "-encoding",
        "UTF-8",
        "-proc:none",
        "-nowarn",
        "-XDignore.symbol.file",
        "-d",
        classes,
        "-cp",
        ":".join(jars),
    ]
    return editor.run([runfile("java/javac").resolve(), *argv, f"@{arguments}"])


def test_all_sources_are_understood(editor: Editor) -> None:
    code, said = _javac(editor, _entries(editor, "lib"))
    assert code == 0, said
    assert (editor.scratch / "classes/dev/tofusoup/stock/BuildInfo.class").exists()


def test_a_jar_that_is_not_there_is_told(editor: Editor) -> None:
    jars = [jar for jar in _entries(editor, "lib") if not jar.endswith("libstock_grpc.jar")]
    code, said = _javac(editor, jars)
    assert code != 0
    assert "does not exist" in said


def test_the_output_is_a_folder_that_git_ignores(editor: Editor) -> None:
    assert [_links(editor)[name] for name in _entries(editor, "output")] == [
        editor.workspace / "generated/java/classes"
    ]
