"""The container for development has what the rules of each language look for, and no more.

What they look for stands in `versions.bzl` of each language: versions at least, and what installs what.
No container is started here.
"""

import ast
import contextlib
import json
import re
from typing import Any

import pytest

from tools.format.tools import sources

_FILES = {path: file.read_text("utf-8") for path, file in sources()}
_DOCKERFILE = _FILES[".devcontainer/Dockerfile"]

# Packages that no language asks for.
_OF_EVERYBODY = {"ca-certificates", "git"}
# Packages that come with the image of another stage.
_OF_STAGES = {"npm": "node"}
# Stages, and what of which language's versions.bzl says their version at least.
_STAGES = {
    "go": ("go", "GO"),
    "rust": ("rust", "RUST"),
    "node": ("node", "NODE"),
    "dotnet": ("csharp", "DOTNET_RELEASE"),
}
# What devcontainer.json may have here, and of what type: a part of the schema of https://containers.dev.
_KEYS: dict[str, type] = {
    "build": dict,
    "customizations": dict,
    "name": str,
    "postCreateCommand": str,
    "remoteUser": str,
    "securityOpt": list,
}


def _versions(folder: str) -> dict[str, Any]:
    """The constants of a language's versions.bzl; of a `requirement(...)`, its `at_least`."""
    found = {}
    for node in ast.parse(_FILES[f"tools/{folder}/private/versions.bzl"]).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value: ast.expr | None = node.value
            if isinstance(value, ast.Call):
                value = next((one.value for one in value.keywords if one.arg == "at_least"), None)
            with contextlib.suppress(ValueError):
                found[node.targets[0].id] = ast.literal_eval(value) if value else None
    return found


def _asked_for() -> set[str]:
    """Debian's packages that some language says it is installed by."""
    asked: set[str] = set()
    for path, text in _FILES.items():
        if re.fullmatch(r"tools/[a-z]+/private/versions\.bzl", path):
            asked.update(re.findall(r"apt-get install ([a-z0-9.+-]*[a-z0-9+])", text))
    return asked


def _stages() -> dict[str, str]:
    return {
        name: image
        for image, name in re.findall(r"^FROM (\S+) AS (\S+)$", _DOCKERFILE, re.MULTILINE)
    }


def _installed() -> set[str]:
    [block] = re.findall(r"apt-get install (.*?)&&", _DOCKERFILE, re.DOTALL)
    return {word for word in block.replace("\\", " ").split() if not word.startswith("-")}


def test_the_packages_are_those_that_languages_ask_for() -> None:
    expected = {package for package in _asked_for() if package not in _OF_STAGES}
    assert {"g++", "python3", "openjdk-17-jdk-headless", "maven"} <= expected
    assert _installed() == expected | _OF_EVERYBODY
    assert {_OF_STAGES[one] for one in _asked_for() & _OF_STAGES.keys()} <= _stages().keys()


@pytest.mark.parametrize("stage", sorted(_STAGES))
def test_the_versions_are_those_that_languages_ask_for(stage: str) -> None:
    folder, name = _STAGES[stage]
    least = _versions(folder)[name]
    version = re.split(r"[:-]", _stages()[stage])[1]
    given = tuple(int(part) for part in version.split("."))
    wanted = least if isinstance(least, tuple) else (least,)
    assert given == wanted[: len(given)] or given[: len(wanted)] == wanted


@pytest.mark.parametrize("stage", sorted(_STAGES))
def test_every_stage_is_copied_from(stage: str) -> None:
    assert f"COPY --from={stage} " in _DOCKERFILE


def test_every_language_that_needs_a_newer_one_has_a_stage() -> None:
    assert _stages().keys() == _STAGES.keys()
    assert "\nFROM debian:12\n" in _DOCKERFILE


def test_the_place_of_dotnet_is_where_the_rules_look() -> None:
    assert "/usr/share/dotnet/dotnet" in _versions("csharp")["DOTNET_COMMANDS"]
    assert "COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet\n" in _DOCKERFILE
    assert "/usr/local/go/bin/go" in _versions("go")["GO_COMMANDS"]
    assert "COPY --from=go /usr/local/go /usr/local/go\n" in _DOCKERFILE


def test_the_json_has_what_its_schema_knows() -> None:
    config = json.loads(_FILES[".devcontainer/devcontainer.json"])
    assert {key: type(value) for key, value in config.items()} == _KEYS
    assert f".devcontainer/{config['build']['dockerfile']}" in _FILES
    assert all(isinstance(option, str) for option in config["securityOpt"])
    assert f" {config['remoteUser']}\n" in _DOCKERFILE
    extensions = config["customizations"]["vscode"]["extensions"]
    assert [one for one in extensions if not re.fullmatch(r"[a-z-]+\.[a-z-]+", one)] == []


def test_what_it_runs_is_what_the_guide_says() -> None:
    config = json.loads(_FILES[".devcontainer/devcontainer.json"])
    assert config["postCreateCommand"] == "./bazelw run //tools/ide:setup"
    assert 'name = "setup"' in _FILES["tools/ide/BUILD.bazel"]
