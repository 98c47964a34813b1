"""Two builds are compared file by file, and counted by whose the files are."""

import pytest

from tools.execution.log import Spawn
from tools.reproducible.check import (
    _EXCEPTIONS,
    Allowed,
    Made,
    differences,
    digests,
    exceptions,
    owner,
    table,
    unexplained,
)

_AT_MOST = 0
"""Exceptions; the number may fall."""


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("//go/store:store", "go"),
        ("//tools/go:builder", "tools/go"),
        ("//tools/go/tests:greeter", "tools/go"),
        ("@@_main~go~go_deps//:layer", "go_deps"),
        ("@pip//:grpcio", "pip"),
    ],
)
def test_owners(label: str, expected: str) -> None:
    assert owner(Spawn(label, "", {})) == expected


def test_what_differs_or_is_missing_is_told() -> None:
    same, other = (Made("go", "GoCompile", path) for path in ("a", "b"))
    one = digests([Spawn("//go:go", "GoCompile", {"a": "1", "b": "2"})])
    assert one == {same: "1", other: "2"}
    assert differences(one, one) == []
    assert differences(one, {same: "1", other: "3"}) == [other]
    assert differences(one, {same: "1"}) == [other]
    assert [line.split() for line in table(one, [other])] == [
        ["go", "GoCompile", "2", "files", "1", "different"]
    ]


def test_an_exception_allows_a_file_of_an_action_and_nothing_else() -> None:
    text = '[[exception]]\npath = "bin/*.a"\nmnemonic = "GoCompile"\nreason = "none"\n'
    [allowed] = exceptions(text)
    fits, other, another = (
        Made("go", "GoCompile", "bin/store.a"),
        Made("go", "GoLink", "bin/store.a"),
        Made("go", "GoCompile", "store.a"),
    )
    assert unexplained([fits, other, another], [allowed]) == ([other, another], [])
    assert unexplained([other], [allowed]) == ([other], [Allowed("bin/*.a", "GoCompile", "none")])


def test_an_exception_without_a_reason_is_an_error() -> None:
    with pytest.raises(ValueError, match="a reason expected"):
        exceptions('[[exception]]\npath = "*"\nmnemonic = "GoCompile"\n')


def test_the_list_of_exceptions_does_not_grow() -> None:
    assert len(exceptions(_EXCEPTIONS.read_text("utf-8"))) <= _AT_MOST
