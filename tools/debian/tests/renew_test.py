"""What is written into a lock."""

import pytest

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Package
from tools.debian.renew import names, renewed

_NEW = Package("b", "2", 1, "b" * 64)
_OLD = Package("b", "1", 1, "a" * 64)


def test_names_are_the_first_words_of_lines() -> None:
    assert names("# head\nb 1 1 aa\n\na\nb\n") == ["a", "b"]


def test_the_present_version_is_taken() -> None:
    assert renewed(["b"], {"b": [_NEW, _OLD]}) == [_NEW]


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(BringupError, match="not in the release: a, c"):
        renewed(["a", "b", "c"], {"b": [_NEW]})
