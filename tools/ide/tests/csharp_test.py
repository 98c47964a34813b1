"""MSBuild, by which editors understand C#, compiles the project with the Directory.Build.props, without a network."""

from pathlib import Path

import pytest

from tools.format.tools import runfile
from tools.ide.tests.conftest import Editor

_ENVIRONMENT = {
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "DOTNET_CLI_USE_MSBUILD_SERVER": "0",
    "DOTNET_NOLOGO": "1",
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    "MSBUILDDISABLENODEREUSE": "1",
}


def _dotnet(editor: Editor, *words: str | Path) -> tuple[int, str]:
    program = runfile("dotnet/dotnet").resolve()
    environ = _ENVIRONMENT | {
        "DOTNET_CLI_HOME": str(editor.scratch),
        "NUGET_PACKAGES": str(editor.scratch / "packages"),
    }
    return editor.run([program, *words], environ, cwd="csharp")


@pytest.fixture(scope="module")
def restored(editor: Editor) -> Editor:
    """The project with its packages, from nowhere but the folder that Bazel has filled."""
    nowhere = editor.scratch / "nowhere"
    nowhere.mkdir()
    code, said = _dotnet(editor, "restore", "--locked-mode", "--source", nowhere)
    assert code == 0, said
    return editor


def _build(editor: Editor) -> tuple[int, str]:
    properties = ("-p:UseSharedCompilation=false", "-p:RunAnalyzers=false")
    return _dotnet(editor, "msbuild", "-target:Compile", *properties, "-verbosity:quiet", "-nologo")


def test_all_sources_are_understood(restored: Editor) -> None:
    code, said = _build(restored)
    assert code == 0, said
    assert not (restored.workspace / "csharp/obj").exists()
    assert not (restored.workspace / "csharp/bin").exists()


def test_what_generated_code_does_not_have_is_told(restored: Editor) -> None:
    wrong = restored.workspace / "csharp/Wrong.cs"
    wrong.write_text("static class Wrong { static Tofusoup.Stock.Nothing? A; }\n", "utf-8")
    try:
        code, said = _build(restored)
    finally:
        wrong.unlink()
    assert code != 0
    assert "Nothing" in said
