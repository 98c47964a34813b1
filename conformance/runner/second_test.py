"""The choice of a second client: a third language, and in a matrix every language with every other."""

from collections import Counter

import pytest

from conformance.runner.second import second_language


def languages(count: int) -> list[str]:
    return [f"language {number}" for number in range(count)]


def chosen(count: int) -> list[tuple[str, str, str]]:
    """(client, server, second) of every pair."""
    named = languages(count)
    return [(c, s, second_language(c, s, named)) for c in named for s in named]


@pytest.mark.parametrize("count", [3, 8, 19])
def test_three_languages_take_three_parts(count: int) -> None:
    for client, server, second in chosen(count):
        assert second not in {client, server}


@pytest.mark.parametrize("count", [2, 3, 8, 19])
def test_each_is_beside_each_other_and_as_often(count: int) -> None:
    beside = {(client, second) for client, _, second in chosen(count) if client != second}
    assert len(beside) == count * (count - 1)
    assert Counter(second for *_, second in chosen(count)) == dict.fromkeys(languages(count), count)


def test_of_two_or_one_the_server_s_stands_in() -> None:
    assert second_language("a", "b", ["a", "b"]) == "b"
    assert second_language("a", "a", ["a", "b"]) == "b"
    assert second_language("a", "a", ["a"]) == "a"
    # The server was brought along without a client for it.
    assert second_language("a", "b", ["a"]) == "a"
    # It was left out, as it cannot be built.
    assert second_language("a", "b", ["a", "c", "d"]) == "c"
