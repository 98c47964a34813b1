"""The workspace's edges are the allowed ones, and the check refuses the ones that are not."""

import os
from pathlib import Path

import pytest

from tools.edges.edges import allowed, edges, violations

_GRAPH = Path(os.environ["EDGES_GRAPH"])


def test_the_workspace_keeps_to_its_edges() -> None:
    with _GRAPH.open(encoding="utf-8") as graph:
        assert violations(graph) == []


def test_the_graph_reaches_every_kind_of_folder() -> None:
    with _GRAPH.open(encoding="utf-8") as graph:
        seen = {label.partition(":")[0] for edge in edges(graph) for label in edge}
    assert {"//proto", "//python", "//go", "//conformance", "//conformance/runner"} <= seen


@pytest.mark.parametrize(
    ("dependent", "dependency"),
    [
        ("//go:stock", "//go:store"),
        ("//go:stock_grpc", "//proto:stock_proto"),
        ("//go:stock_grpc", "//tools/go:protoc_gen_go"),
        ("//go:stock_grpc", "//tools/proto:protoc"),
        ("//go:implementation", "//tools/implementation:rules"),
        ("//go:conformance_test", "//conformance:go_go"),
        ("//conformance:matrix", "//go:implementation"),
        ("//conformance:matrix", "//conformance/stock:stock"),
        ("//conformance/stock:stock", "//conformance/runner:runner"),
        ("//conformance/mutants:mutants", "//python:stock"),
        ("//conformance/referees:referees", "//conformance/life:life"),
        ("//tools/go:builder", "//tools/go/private:builder.go"),
        ("//tools/go/tests:x", "//tools/go:defs"),
        ("//tools/go:builder", "//tools/python:python"),
        ("//tools/kotlin:compiler", "//tools/java:jar"),
        ("//kotlin:stock_server", "//tools/java/private:launcher.sh.tpl"),
        ("//conformance/runner:runner", "//conformance/results:results"),
        ("//conformance/results:page_test", "//tools/browser:browser"),
        ("//tools/debian:debian", "//tools/bazel:prefix"),
        ("//tools/ide:editors", "//go:editor"),
        ("//soup:soup", "//conformance/certs:certs"),
    ],
)
def test_an_allowed_edge(dependent: str, dependency: str) -> None:
    assert allowed(dependent, dependency)


@pytest.mark.parametrize(
    ("dependent", "dependency"),
    [
        ("//go:stock", "//python:stock"),
        ("//soup:soup", "//proto:stock_proto"),
        ("//soup:soup", "//go:stock_server"),
        ("//conformance/certs:certs", "//soup:soup"),
        ("//python:stock_server", "//conformance/runner:runner"),
        ("//python:stock", "//tools/go:defs"),
        ("//proto:stock_proto", "//python:stock"),
        ("//conformance:matrix", "//go:stock_server"),
        ("//conformance/runner:engine", "//conformance/stock:stock"),
        ("//conformance/runner:engine", "//python:stock_grpc"),
        ("//conformance/results:results", "//conformance/runner:runner"),
        ("//conformance/life:life", "//conformance/referees:referees"),
        ("//tools/go:defs", "//go:stock"),
        ("//tools/go:defs", "//tools/java:defs"),
        ("//go:stock", "//tools/java:defs"),
        ("//kotlin:stock", "//java:stock"),
        ("//tools/java:defs", "//tools/kotlin:defs"),
        ("//docs/rules:go", "//go:stock"),
        ("//tools/ide:editors", "//go:stock_grpc"),
    ],
)
def test_a_refused_edge_is_named(dependent: str, dependency: str) -> None:
    line = f'  "{dependent}" -> "{dependency}"'
    assert violations([line]) == [f"{dependent} may not depend on {dependency}"]


def test_an_empty_graph_is_no_pass() -> None:
    with pytest.raises(ValueError, match="no edge"):
        violations(["digraph mygraph {", "}"])
