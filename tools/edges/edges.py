"""Which folder of the workspace may depend on which: the table, and the check of a query graph against it.

The graph is what `genquery` prints with `--output=graph --nograph:factored`: a line `"A" -> "B"` for
each dependency. Only edges between two folders of this workspace count. Source: ARCHITECTURE.md.
"""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

_EDGE = re.compile(r'^\s*"(?P<dependent>//[^"]*)" -> "(?P<dependency>//[^"]*)"$')

_ALLOWED: dict[str, tuple[str, ...]] = {
    "//tools/format:*": (
        "//proto:*",
        "//tools/docs:*",
        "//tools/ruby:*",
        "//tools/scala:*",
        "//python:version",
    ),
    "//tools/isolation:*": ("//tools/execution:*",),
    "//tools/remote:*": ("//tools/ci:*", "//tools/execution:*"),
    "//tools/reproducible:*": ("//tools/execution:*",),
    "//tools/shape:*": ("//tools/format:*",),
    "//tools/referees:*": ("//tools/go:*",),
    "//tools/sbom:*": (
        "//*:stock_server",
        "//*:stock_client",
        "//tools/*:archives",
        "//tools/execution:*",
    ),
    "//tools/debian:*": ("//tools/bazel:*",),
    "//tools/ide[:/]*": ("//*:editor", "//tools/format:*"),
    "//tools/*/tests:*": ("//proto:*", "//tools/proto/tests:*"),
    "//docs/rules:*": ("//tools/*",),
    "//docs/guide:*": ("//tools/docs:*", "//conformance:manifest"),
    "//conformance:*": ("//conformance/*", "//*:implementation"),
    "//conformance/certs:*": (),
    "//conformance/results:*": ("//tools/browser:*",),
    "//conformance/runner:*": ("//proto:*", "//conformance/certs:*", "//conformance/results:*"),
    "//conformance/stock:*": ("//proto:*", "//conformance/runner:*", "//conformance/certs:*"),
    "//conformance/life:*": ("//proto:*", "//conformance/runner:*", "//conformance/certs:*"),
    "//conformance/referees:*": (
        "//proto:*",
        "//conformance/runner:*",
        "//conformance/certs:*",
        "//conformance/life:*",
        "//docs/reference:*",
        "//tools/referees:*",
    ),
    "//conformance/guest:*": ("//proto:*", "//tools/guest:*"),
    "//conformance/mutants:*": ("//proto:*", "//python:*", "//conformance*", "//docs/reference:*"),
    "//soup*": ("//conformance*", "//:LICENSE"),
    "//soup/tofusoup:*": ("//soup:*",),
    "//*:conformance_test": ("//conformance:*",),
}
"""Labels a label may depend on, as shell patterns, beside what every folder of its kind may."""

_ON_THE_JVM = ("clojure", "kotlin", "scala")
"""Languages whose rules are made of Java's."""

_WRITTEN_IN_PYTHON = ("conformance", "docs", "proto", "soup", "tools")
"""Folders that are no language: their own code is Python."""


def _package(label: str) -> str:
    return label.removeprefix("//").partition(":")[0]


def _granted(dependent: str) -> Iterator[str]:
    package = _package(dependent)
    first, _, rest = package.partition("/")
    language = "python" if first in _WRITTEN_IN_PYTHON else first
    yield f"//{package}[:/]*"
    yield from (f"//tools/{tool}[:/]*" for tool in (language, "proto", "implementation"))
    tool = rest.partition("/")[0] if first == "tools" else ""
    if tool:
        yield f"//tools/{tool}[:/]*"
    if {language, tool} & {*_ON_THE_JVM}:
        yield "//tools/java[:/]*"
    if first == language and package == language:
        yield "//proto:*"
    for pattern, dependencies in _ALLOWED.items():
        if fnmatchcase(dependent, pattern):
            yield from dependencies


def allowed(dependent: str, dependency: str) -> bool:
    """Whether one label of this workspace may depend on another."""
    return any(fnmatchcase(dependency, pattern) for pattern in _granted(dependent))


def edges(graph: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The dependencies between two labels of this workspace, as (dependent, dependency)."""
    for line in graph:
        match = _EDGE.match(line.rstrip())
        if match:
            yield match["dependent"], match["dependency"]


def violations(graph: Iterable[str]) -> list[str]:
    """One line for each edge that the tree does not allow; ValueError for a graph without edges."""
    found = list(edges(graph))
    if not found:
        raise ValueError("the graph holds no edge between two labels of this workspace")
    return sorted(f"{a} may not depend on {b}" for a, b in found if not allowed(a, b))
