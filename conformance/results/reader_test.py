"""Reading results.json: every version there has been, and what is said of anything else."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.results.fakes.sample import document, sample
from conformance.results.reader import VERSIONS, ResultsError, parse, read


def test_a_folder_and_a_file_are_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(document({"server": "go"})))
    assert read(tmp_path) == read(file) == sample({"server": "go"})


def test_the_first_version_lacked_clauses_and_logs() -> None:
    old = document() | {"schema": VERSIONS[0]}
    del old["cases"]
    for program in old["programs"]:
        del program["log_tail"]
    results = parse(old, "old.json")
    assert results.clauses == {}
    assert results.permutations == sample().permutations
    assert sample().clauses["get_put"] == "service.md: Get"


def test_a_permutation_has_its_name() -> None:
    assert sample().permutations[0].name == document()["permutations"][0]["name"]


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in document().items() if key != name}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "f: expected an object, got []"),
        (_without("schema"), "f: schema: expected a text, got nothing"),
        (
            document() | {"schema": "stock-results/9"},
            "f: schema: expected stock-results/1 or stock-results/2, got 'stock-results/9'",
        ),
        (document() | {"floor": True}, "f: floor: expected a whole number, got true"),
        (document() | {"missing": {"go": 1}}, "f: missing: go: expected a text, got 1"),
        (document() | {"permutations": [3]}, "f: permutations[0]: expected an object, got 3"),
        (
            document() | {"permutations": [document()["permutations"][0] | {"outcome": "fine"}]},
            "f: permutations[0]: outcome: unknown: 'fine'",
        ),
        (
            document() | {"programs": [{"language": "go"}]},
            "f: programs[0]: role: expected a text, got nothing",
        ),
        (
            document() | {"complaints": ["a", 1]},
            'f: complaints: expected a list of texts, got ["a", 1]',
        ),
    ],
)
def test_what_is_wrong_is_named(given: object, told: str) -> None:
    with pytest.raises(ResultsError) as raised:
        parse(given, "f")
    assert str(raised.value) == told


def test_no_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text("{")
    with pytest.raises(ResultsError, match=r"results\.json: not JSON: Expecting property name"):
        read(tmp_path)
    with pytest.raises(ResultsError, match=r"absent\.json: No such file"):
        read(tmp_path / "absent.json")
