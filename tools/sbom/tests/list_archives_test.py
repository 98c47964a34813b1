"""The list of archives: each once, with who fetches it and what has it."""

import pytest
from packageurl import PackageURL

from tools.sbom.assemble import bill
from tools.sbom.components import Component, ComponentError
from tools.sbom.list_archives import table, used

_TONIC = Component(PackageURL("cargo", None, "tonic", "0.14.9"), "MIT", "SHA-256", "ab" * 32)
_GRPC = Component(PackageURL("npm", "@grpc", "grpc-js", "1.14.7"), "", "SHA-512", "cd")


def test_each_archive_is_a_line() -> None:
    programs = used([bill("rust/stock_server", "0.1.0", [_TONIC])])
    lines = table(
        {"rust_deps": [_TONIC], "node_deps": [_GRPC], "other": [_GRPC._replace(licence="MIT")]},
        programs,
    )
    assert [line.split("\t") for line in lines[1:]] == [
        ["pkg:cargo/tonic@0.14.9", "MIT", "SHA-256:" + "ab" * 32, "rust_deps", "rust/stock_server"],
        ["pkg:npm/%40grpc/grpc-js@1.14.7", "MIT", "SHA-512:cd", "node_deps other", "-"],
    ]


def test_what_a_program_has_must_be_fetched_by_somebody() -> None:
    programs = used([bill("rust/stock_server", "0.1.0", [_TONIC])])
    with pytest.raises(ComponentError, match="fetched by no repository: pkg:cargo/tonic"):
        table({"node_deps": [_GRPC]}, programs)
