"""Lines that tell of archives, and those that do not."""

from pathlib import Path

import pytest
from packageurl import PackageURL

from tools.sbom.components import (
    Component,
    ComponentError,
    component,
    components,
    digest,
    licence_of,
    spdx,
)

_LINE = (
    '{"hash": "sha256:%s", "licence": "MIT", "licence_text": "", "purl": "pkg:cargo/tonic@0.14.9"}'
)
_HEX = "ab" * 32
_GO = """Copyright 2009 The Go Authors.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are
met:
   * Neither the name of Google LLC nor the names of its
contributors may be used to endorse or promote products derived from
this software without specific prior written permission.
"""


def test_a_line_is_a_component() -> None:
    purl = PackageURL("cargo", None, "tonic", "0.14.9")
    assert component(_LINE % _HEX) == Component(purl, "MIT", "SHA-256", _HEX)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"sha256:{_HEX}", ("SHA-256", _HEX)),
        ("sha256-" + "q6ur" * 10 + "q6s=", ("SHA-256", _HEX)),
        ("sha512-" + "q6ur" * 21 + "qw==", ("SHA-512", "ab" * 64)),
    ],
)
def test_digests(text: str, expected: tuple[str, str]) -> None:
    assert digest(text) == expected


@pytest.mark.parametrize(
    "line",
    ["{", "{}", _LINE % "ab", _LINE % "x", (_LINE % _HEX).replace("pkg:", "")],
)
def test_another_line_is_an_error_that_shows_it(line: str) -> None:
    with pytest.raises(ComponentError) as raised:
        component(line)
    assert str(raised.value).startswith(line)


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (_GO, "BSD-3-Clause"),
        (_GO.partition("*")[0], "BSD-2-Clause"),
        ("Apache License\n   Version 2.0, January 2004", "Apache-2.0"),
        ("Do what you like.", ""),
    ],
)
def test_a_licence_is_known_by_its_text(text: str, licence: str) -> None:
    assert licence_of(text) == licence


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("The Apache Software License, Version 2.0", "Apache-2.0"),
        ("MIT license", "MIT"),
        ("BSD", "BSD"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
    ],
)
def test_names_of_licences(name: str, identifier: str) -> None:
    assert spdx(name) == identifier


def test_what_two_files_tell_is_told_once_and_sorted(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    line = _LINE % _HEX
    one.write_text(f"{line}\n", encoding="utf-8")
    other.write_text(f"{line}\n{line.replace('tonic', 'prost')}\n", encoding="utf-8")
    assert [each.purl.name for each in components([one, other])] == ["prost", "tonic"]
