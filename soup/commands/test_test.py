"""Suites are Bazel's."""

from soup.fakes.calling import refused, started
from soup.workspace import Workspace


def test_suites_are_bazels(workspace: Workspace) -> None:
    bazel = str(workspace.bazel)
    assert started("test", "quick") == [bazel, "test", "//conformance:quick"]
    assert started("test", "go") == [bazel, "test", "//go:all"]
    assert started("test", "unary", "--test_arg=--client=go") == [
        bazel,
        "test",
        "//conformance:matrix",
        "--test_arg=--suite=unary",
        "--test_arg=--client=go",
    ]
    assert "unknown suite 'unray': did you mean 'unary'?" in refused("test", "unray")
