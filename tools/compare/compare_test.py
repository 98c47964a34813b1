"""Tests of what is read from the two runners."""

import pytest

from tools.compare.compare import (
    CompareError,
    Run,
    case_milliseconds,
    ours,
    their_cases,
)


def test_starting_is_left_out() -> None:
    assert case_milliseconds(Run(101, 0.25), Run(1, 0.05)) == pytest.approx(2.0)


def test_their_cases_must_all_pass() -> None:
    assert their_cases("...\nTotal cases: 134\n134 passed, 0 failed\n") == 134
    for output in ("Total cases: 134\n133 passed, 1 failed\n", "no cases"):
        with pytest.raises(CompareError, match="all pass"):
            their_cases(output)


def test_our_row_is_found_among_others() -> None:
    output = "  ms a permutation      wall\n  72 cases, 10 times each    0.568   0.572     36%     4.7\nwall 0.4 s\n"
    assert ours(output) == (72, 0.568, 4.7)
    with pytest.raises(CompareError, match="row of figures"):
        ours("speed: no client matches")
