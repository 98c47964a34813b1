"""The page as a file: one, whole, small, and nothing of a run gets out of its place."""

import base64
import gzip
import json
import re
import time
from typing import Any

import pytest

from conformance.results import columns as columns_module
from conformance.results.columns import LEFT_OUT, columns, pack
from conformance.results.fakes.sample import ODD, many, sample
from conformance.results.html import PAGE, SCRIPTS, STYLES, bundle, page

# Bytes that mail and CI will carry, and seconds of the processor that a runner can spare.
MOST_BYTES = 3_000_000
MOST_SECONDS = 1.0


def unpacked(packed: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_the_page_refers_to_nothing_outside_itself() -> None:
    text = page(sample({"server": "go", "reason": ODD}))
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|https?://", text)
    assert "default-src 'none'" in text
    assert text.count("</script>") == 2
    assert "{{" not in text


def test_every_source_is_in_the_page() -> None:
    assert {path.stem for path in PAGE.glob("*.css")} == set(STYLES)
    assert {path.stem for path in PAGE.glob("*.mjs")} == set(SCRIPTS)


def test_the_modules_are_one() -> None:
    code = bundle()
    assert not re.search(r"^(?:import|export)\b", code, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|const|class) (\w+)", code, re.MULTILINE)
    assert len(names) == len(set(names)) > 20


def test_what_is_packed_is_what_was_run() -> None:
    results = sample({"server": "go", "case": "get_put", "reason": ODD, "transcript": "t"})
    data = unpacked(pack(results))
    tables, column = data["tables"], data["columns"]
    for i, permutation in enumerate(results.permutations):
        config = tables["config"][column["config"][i]]
        case, suite, _ = tables["case"][column["case"][i]]
        assert tables["client"][column["client"][i]] == permutation.client
        assert tables["server"][column["server"][i]] == permutation.server
        assert config == [permutation.security, permutation.key_type]
        assert (case, suite) == (permutation.case, permutation.suite)
        assert tables["outcome"][column["outcome"][i]] == permutation.outcome
        assert column["duration"][i] == 125
    texts = data["notes"]["texts"]
    told = [(texts[reason], texts[transcript]) for _, reason, transcript in data["notes"]["rows"]]
    assert told == [(ODD, "t")] * 9


def test_a_run_of_nothing_has_a_page() -> None:
    assert "The matrix failed" in page(sample()._replace(permutations=(), complaints=("nothing",)))


def test_texts_are_left_out_where_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    results = sample({"server": "go", "case": "get_put", "transcript": "x" * 10_000})
    texts = columns(results, 8_000)["notes"]["texts"]
    assert [len(text) for text in texts[1:]] == [6_001 + len(LEFT_OUT), len(LEFT_OUT)]
    monkeypatch.setattr(columns_module, "MOST_BYTES", 0)
    assert unpacked(pack(results))["notes"]["texts"][1:] == [LEFT_OUT]


def test_the_largest_run_has_a_small_page() -> None:
    configs = [("tls", f"key_{i}") for i in range(11)]
    results = many(19, 15, configs)
    assert len(results.permutations) > 59_000
    assert len(page(results)) < MOST_BYTES


def test_a_large_run_costs_little() -> None:
    results = many(8, 160)
    assert len(results.permutations) > 30_000
    before = time.process_time()
    page(results)
    assert time.process_time() - before < MOST_SECONDS
