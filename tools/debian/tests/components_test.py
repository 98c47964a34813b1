"""Which packages files are of."""

from pathlib import Path

import pytest

from tools.debian.components import main

_LINES = [
    '{"purl": "pkg:deb/debian/libgrpc%2B%2B-dev@1.51.1-3?arch=amd64"}\n',
    '{"purl": "pkg:deb/debian/zlib1g-dev@1%3A1.2?arch=amd64"}\n',
]


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    (tmp_path / "archives").write_text("".join(_LINES), encoding="utf-8")
    owners = "usr/include/grpcpp/x.h\tlibgrpc++-dev\nusr/lib/libz.a\tzlib1g-dev\n"
    (tmp_path / "files").write_text(owners, encoding="utf-8")
    return [str(tmp_path / name) for name in ("out", "archives", "files")] + [f"@{tmp_path}/paths"]


def test_the_lines_of_the_packages_of_files(tmp_path: Path, arguments: list[str]) -> None:
    paths = "external/cpp_deps/root/usr/include/grpcpp/x.h\n"
    (tmp_path / "paths").write_text(paths, encoding="utf-8")
    assert main(arguments) == 0
    assert (tmp_path / "out").read_text("utf-8") == _LINES[0]


def test_a_file_of_no_package_is_named(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paths").write_text("external/cpp_deps/root/usr/else\n", encoding="utf-8")
    assert main(arguments) == 1
    assert capsys.readouterr().err == "external/cpp_deps/root/usr/else: no package has it\n"
