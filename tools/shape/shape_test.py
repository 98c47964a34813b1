"""Every language folder has the same shape, and the check sees a folder that has not."""

import pytest

from tools.format.tools import sources
from tools.shape.shape import (
    FILES,
    ROLES,
    TARGETS,
    languages,
    missing_files,
    snake_case,
    wrong_targets,
)

_SOURCES = dict(sources())

_PYTHON = [
    *FILES,
    *(f"{role}.py" for role in ROLES),
    *(f"{r}_test.py" for r in ("store", "service", "options")),
]

_BUILD = "\n".join(
    f'rule(\n    name = "{name}",\n)'
    for name in (*TARGETS, "store_test", "service_test", "options_test", "conformance_test")
)


@pytest.mark.parametrize("language", languages(_SOURCES))
def test_a_language_folder(language: str) -> None:
    folder = f"{language}/"
    files = [path.removeprefix(folder) for path in _SOURCES if path.startswith(folder)]
    assert missing_files(files) == []
    build = _SOURCES.get(f"{folder}BUILD.bazel")
    assert build is not None
    assert wrong_targets(build.read_text(encoding="utf-8")) == []


def test_the_reference_is_among_the_languages() -> None:
    assert {"go", "python"} <= set(languages(_SOURCES))


def test_a_new_folder_of_the_root_is_a_language() -> None:
    assert languages(["README.md", "tools/x.py", "zig/store.zig", "docs/adr/1.md"]) == ["zig"]


def test_names_follow_the_language() -> None:
    assert [
        snake_case(stem) for stem in ("StockServer", "stock-server", "stock_server", "Store")
    ] == [
        "stock_server",
        "stock_server",
        "stock_server",
        "store",
    ]


def test_a_role_may_be_a_folder() -> None:
    files = [*FILES, *(f"{role}/{role}.go" for role in ROLES)]
    files += [f"{role}/{role}_test.go" for role in ("store", "service", "options")]
    assert missing_files(files) == []


@pytest.mark.parametrize("gone", [*FILES, *(f"{role}.py" for role in ROLES)])
def test_a_missing_file_is_named(gone: str) -> None:
    (line,) = missing_files([path for path in _PYTHON if path != gone])
    assert gone.partition(".py")[0] in line


def test_a_missing_test_is_named() -> None:
    files = [path for path in _PYTHON if path != "store_test.py"]
    assert missing_files(files) == ["no test of the role store"]


@pytest.mark.parametrize("gone", [*TARGETS, "store_test", "conformance_test"])
def test_a_missing_target_is_named(gone: str) -> None:
    assert wrong_targets(_BUILD.replace(f'"{gone}"', '"other"')) == [f"no target {gone}"]


def test_another_order_is_refused() -> None:
    swapped = _BUILD.replace('"stock_server"', '"x"').replace('"stock_client"', '"stock_server"')
    (line,) = wrong_targets(swapped.replace('"x"', '"stock_client"'))
    assert line.startswith("targets stand in the order")
