"""Two builds are compared file by file, and counted by whose the files are."""

import pytest

from tools.execution.log import Spawn
from tools.reproducible.check import Made, differences, digests, owner, table


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
