"""The matrix of more languages, out of two that were measured."""

import pytest

from tools.remote.graph import Action
from tools.remote.grown import Growth, error, estimate, grown, measured


def built(label: str, seconds: float, *after: int) -> Action:
    return Action(label, "Compile", seconds, {}, {label: 10}, frozenset(after))


def of_pair(client: str, server: str, seconds: float, *after: int) -> Action:
    inputs = {"runner": 5, f"//{client}:server": 10, f"//{server}:server": 10}
    return Action(
        f"//conformance:{client}_{server}", "TestRunner", seconds, inputs, {}, frozenset(after)
    )


LOG = [
    built("//conformance/runner:runner", 1),
    built("//cpp:layer", 20),
    of_pair("go", "go", 4, 0, 3),
    built("//go:layer", 8),
    built("//cpp:server", 6, 1),
    of_pair("cpp", "cpp", 8, 0, 4),
    of_pair("cpp", "go", 5, 0, 3, 4),
]


def test_builds_and_tests_are_told_apart() -> None:
    found = measured(LOG)
    assert [action.label for action in found.builds] == [
        "//conformance/runner:runner",
        "//cpp:layer",
        "//go:layer",
        "//cpp:server",
    ]
    assert found.languages == ["cpp", "go"]
    assert found.tests["cpp", "go"].after == {0, 2, 3}


def test_a_pair_is_estimated_by_its_languages() -> None:
    tests = measured(LOG).tests
    assert estimate(tests, ("go", "cpp")) == 6
    assert error(tests) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="no test of rust with itself"):
        estimate(tests, ("go", "rust"))


def test_without_anything_to_compare_the_error_is_unknown() -> None:
    assert error(measured(LOG[:4]).tests) is None


def test_every_pair_is_tested_after_what_it_needs() -> None:
    actions = grown(measured(LOG), Growth(2, 0.0, 1.0))
    seconds = {action.pair: action.seconds for action in actions if action.pair}
    assert seconds == {("cpp", "cpp"): 8, ("cpp", "go"): 5, ("go", "cpp"): 6, ("go", "go"): 4}
    [test] = [action for action in actions if action.pair == ("go", "cpp")]
    assert test.after == {0, 2, 3}


def test_only_permutations_become_more() -> None:
    actions = grown(measured(LOG), Growth(2, 2.0, 3.0))
    [test] = [action for action in actions if action.pair == ("go", "go")]
    assert test.seconds == 2 + 3 * (4 - 2)


def test_another_language_is_like_the_mean() -> None:
    actions = grown(measured(LOG), Growth(3, 0.0, 1.0))
    [layer] = [action for action in actions if action.mnemonic == "Layer"]
    [programs] = [action for action in actions if action.mnemonic == "Programs"]
    assert (layer.seconds, programs.seconds) == (14, 3)
    assert len([action for action in actions if action.pair]) == 9
    [test] = [action for action in actions if action.pair == ("another1", "another1")]
    assert test.seconds == 6
    assert test.after == {0, actions.index(programs)}
    assert test.inputs == {"runner": 5, "programs of another1": 10}


def test_a_log_without_a_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="no test of a language with itself"):
        grown(measured(LOG[:2]), Growth(3, 0.0, 1.0))
