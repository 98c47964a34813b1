"""One language's programs: what they are made of is told in full, and none of it is denied."""

import datetime
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from runfiles import Runfiles

from tools.sbom.denied import problems, read

_LANGUAGE = os.environ["SBOM_LANGUAGE"]
_BUILD_ONLY = {
    "Grpc.Tools",
    "esbuild",
    "libgtest-dev",
    "protobuf-compiler",
    "pytest",
    "rcgen",
    "ruby-minitest",
    "tonic-prost-build",
    "tools",
    "typescript",
}
_BILLS = os.environ["SBOM_BILLS"].split()


def _text(location: str) -> str:
    runfiles = Runfiles.Create()
    assert runfiles is not None
    path = runfiles.Rlocation(location)
    assert path is not None
    return Path(path).read_text("utf-8")


def _parts(location: str) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = json.loads(_text(location))["components"]
    return parts


@pytest.mark.parametrize("bill", _BILLS)
def test_it_is_cyclonedx(bill: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(_text(bill)) is None


@pytest.mark.parametrize("bill", _BILLS)
def test_each_component_is_told_in_full(bill: str) -> None:
    parts = _parts(bill)
    assert any(re.search("grpc|tonic", part["purl"], re.IGNORECASE) for part in parts)
    wanted = {"hashes", "licenses", "purl", "scope", "version"}
    assert {part["purl"]: wanted - part.keys() for part in parts if wanted - part.keys()} == {}


@pytest.mark.parametrize("bill", _BILLS)
def test_what_only_builds_and_tests_is_not_in_it(bill: str) -> None:
    assert [part["purl"] for part in _parts(bill) if part["name"] in _BUILD_ONLY] == []


def test_nothing_is_denied() -> None:
    purls = {PackageURL.from_string(part["purl"]) for bill in _BILLS for part in _parts(bill)}
    runfiles = Runfiles.Create()
    assert runfiles is not None
    deny_list = read(Path(runfiles.Rlocation(os.environ["SBOM_DENIED"]) or ""))
    today = datetime.datetime.now(datetime.UTC).date()
    assert list(problems(deny_list, _LANGUAGE, purls, today)) == []
