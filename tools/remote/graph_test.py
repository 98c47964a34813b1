"""Actions and what they wait for, out of an execution log."""

import json
from typing import Any

import pytest

from tools.remote.graph import Action, graph, ordered


def entry(label: str, reads: dict[str, str], makes: dict[str, str], seconds: str = "2s") -> str:
    def files(found: dict[str, str]) -> list[dict[str, Any]]:
        return [
            {"path": path, "digest": {"hash": digest, "sizeBytes": str(len(digest))}}
            for path, digest in found.items()
        ]

    return json.dumps(
        {
            "actualOutputs": files(makes),
            "inputs": files(reads),
            "listedOutputs": sorted(makes),
            "metrics": {"executionWallTime": seconds},
            "mnemonic": "TestRunner" if label.startswith("//conformance") else "Compile",
            "targetLabel": label,
        },
        indent=2,
    )


def test_an_action_waits_for_what_makes_its_inputs() -> None:
    log = entry("//go:b", {"a.o": "aa"}, {"b": "bbb"}) + entry(
        "//go:a", {"a.c": "c"}, {"a.o": "aa"}
    )
    first, second = graph(log.splitlines(keepends=True))
    assert (first.label, second.label) == ("//go:a", "//go:b")
    assert (first.after, second.after) == (frozenset(), frozenset({0}))
    assert (first.inputs, first.outputs) == ({"c": 1}, {"aa": 2})


def test_a_link_is_known_by_its_content() -> None:
    log = entry("//go:a", {}, {"a.o": "aa"}) + entry("//go:b", {"beside/a.o": "aa"}, {"b": "bbb"})
    assert graph(log.splitlines(keepends=True))[1].after == {0}


def test_of_what_is_told_twice_the_longer_counts() -> None:
    hit = entry("//go:a", {"a.c": "c"}, {"a.o": "aa"}, "0s")
    run = entry("//go:a", {"a.c": "c"}, {"a.o": "aa"}, "3s")
    other = entry("//go:a", {"b.c": "c"}, {"b.o": "aa"}, "1s")
    found = graph((hit + run + other + hit).splitlines(keepends=True))
    assert sorted(action.seconds for action in found) == [1, 3]


def test_pairs_and_languages() -> None:
    log = entry("//conformance:go_cpp", {}, {}, "1.5s")
    [action] = graph(log.splitlines(keepends=True))
    assert (action.pair, action.seconds) == (("go", "cpp"), 1.5)


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("//go/store:store", "go"),
        ("//go:x", "go"),
        ("//tools/go:builder", "go"),
        ("@@_main~go~go_deps//:layer", "go"),
        ("//conformance:go_cpp", ""),
        ("//google:x", ""),
        ("//proto:stock_proto", ""),
    ],
)
def test_whose_an_action_is(label: str, language: str) -> None:
    action = Action(label, "", 0.0, {}, {}, frozenset())
    assert action.language(["cpp", "go"]) == language


def test_a_circle_is_an_error() -> None:
    one = Action("//go:a", "", 0.0, {}, {}, frozenset({1}))
    with pytest.raises(ValueError, match="wait for each other: //go:a"):
        ordered([one, one._replace(after=frozenset({0}))])
