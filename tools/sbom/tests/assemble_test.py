"""Bills of materials: valid, complete, and the same for the same components."""

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tools.sbom.assemble import bill, main
from tools.sbom.components import Component

_TONIC = Component(
    PackageURL("cargo", None, "tonic", "0.14.9"), "MIT OR Apache-2.0", "SHA-256", "ab" * 32
)
_GRPC = Component(
    PackageURL("npm", "@grpc", "grpc-js", "1.14.7"), "The licence", "SHA-512", "cd" * 64
)


def test_it_has_what_is_known_of_each() -> None:
    told = json.loads(bill("rust/stock_server", "0.1.0", [_TONIC, _GRPC]))
    assert told["metadata"]["component"]["purl"] == "pkg:generic/stock/rust/stock_server@0.1.0"
    [tonic] = [part for part in told["components"] if part["name"] == "tonic"]
    assert tonic["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert tonic["licenses"] == [{"acknowledgement": "declared", "expression": "MIT OR Apache-2.0"}]
    assert tonic["scope"] == "required"
    [edges] = [each for each in told["dependencies"] if "dependsOn" in each]
    assert len(edges["dependsOn"]) == 2


def test_it_is_cyclonedx() -> None:
    text = bill("rust/stock_server", "0.1.0", [_TONIC, _GRPC])
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_it_is_the_same_in_any_order_and_another_for_another_component() -> None:
    text = bill("rust/stock_server", "0.1.0", [_TONIC, _GRPC])
    assert bill("rust/stock_server", "0.1.0", [_GRPC, _TONIC]) == text
    other = bill("rust/stock_server", "0.1.0", [_GRPC, _TONIC._replace(digest="ba" * 32)])
    assert json.loads(other)["serialNumber"] != json.loads(text)["serialNumber"]


def test_a_line_that_tells_nothing_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "components.jsonl"
    lines.write_text("{}\n", encoding="utf-8")
    arguments = ["--program=go/stock_server", "--version=0.1.0", f"--out={tmp_path / 'out'}"]
    assert main([*arguments, str(lines)]) == 1
    assert capsys.readouterr().err == "{}: 'hash'\n"
    assert not (tmp_path / "out").exists()
