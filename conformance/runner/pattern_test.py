"""Patterns: parts match globs, what is left out matches anything, and mistakes are named."""

import pytest

from conformance.runner.pattern import Pattern, PatternError, glob_matches, parse

NAME = ("go", "rust", "mtls", "p256", "trade_fill_per_order")


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("client=go", True),
        ("case=trade_*", True),
        ("client=g?/server=[rs]ust/security=mtls/key_type=p256/case=trade_fill_per_order", True),
        ("client=go/server=go", False),
        ("client=g", False),
        ("case=Trade*", False),
    ],
)
def test_matching(text: str, matches: bool) -> None:
    assert parse(text).matches(NAME) is matches


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "''"),
        ("go", "'go'"),
        ("client=", "'client='"),
        ("language=go", "'language=go'"),
        ("client=go/client=go", "'client=go'"),
        ("client=go//case=a", "''"),
    ],
)
def test_mistakes_are_named(text: str, part: str) -> None:
    with pytest.raises(PatternError, match=f"at {part}: expected parts of client=GLOB/"):
        parse(text)


def test_a_pattern_prints_as_it_is_written() -> None:
    assert str(parse("case=a*/client=go")) == "client=go/case=a*"
    assert str(Pattern()) == "case=*"


def test_globs_match_whole_names() -> None:
    assert glob_matches("*", "")
    assert glob_matches("a*c", "abc")
    assert not glob_matches("a", "abc")
