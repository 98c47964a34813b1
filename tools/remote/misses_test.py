"""Misses are counted and explained by what differs from the build that filled the cache."""

from typing import Any

import pytest

from tools.execution.log import Spawn
from tools.remote.misses import HIT, explained, reason, tally

BEFORE = Spawn(
    "//go:x",
    "GoCompile",
    {"x.a": "1"},
    runner="linux-sandbox",
    key="k1",
    inputs={"a.go": "1", "go": "2"},
    arguments=("go", "-o", "x.a"),
    environment={"LC_ALL": "C"},
    promised=("x.a",),
)
SAME = BEFORE._replace(runner=HIT)


def test_only_remote_hits_count() -> None:
    disk = SAME._replace(runner="disk cache hit")
    count = tally([SAME, disk, BEFORE, SAME])
    assert (count.total, count.hits, count.share) == (4, 2, 0.5)
    assert count.misses == [disk, BEFORE]


def test_a_build_of_nothing_hits_nothing() -> None:
    assert tally([]).share == 0.0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"key": ""}, "no cache may keep it; it ran as linux-sandbox"),
        ({}, "the same key, and the cache had nothing for it"),
        ({"key": "k2"}, "another key for the same inputs"),
        (
            {"key": "k2", "inputs": {"a.go": "1", "go": "3", "new": "4"}},
            "another input go; a new input new",
        ),
        ({"key": "k2", "inputs": {"a.go": "1"}}, "no input go"),
        ({"key": "k2", "environment": {"LC_ALL": "C.UTF-8"}}, "another variable LC_ALL"),
        ({"key": "k2", "arguments": ("go", "-o", "y.a")}, "argument y.a for x.a"),
        ({"key": "k2", "arguments": ("go",)}, "1 arguments for 3"),
    ],
)
def test_reasons(change: dict[str, Any], expected: str) -> None:
    assert reason(BEFORE._replace(**change), BEFORE) == expected


def test_many_differences_are_cut_short() -> None:
    other = BEFORE._replace(key="k2", inputs={str(number): "1" for number in range(9)})
    assert reason(other, BEFORE).endswith(", and 6 more")


def test_misses_are_named_by_label_and_output() -> None:
    stranger = BEFORE._replace(label="//go:y", promised=("y.a",))
    assert explained([BEFORE, stranger], [SAME]) == [
        "GoCompile of //go:x (x.a): the same key, and the cache had nothing for it",
        "GoCompile of //go:y (y.a): the build that filled the cache has no such action",
    ]
