"""Prints docs/reference/cases.md: every case, what it checks and which mutants it catches.

./bazelw run //conformance/mutants:reference -- --write
"""

import inspect
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from conformance.mutants.mutant import MUTANTS, Mutant
from conformance.mutants.program import load
from conformance.runner.case import Case, Scope
from conformance.runner.config import Security
from conformance.runner.rpc import Shape
from conformance.runner.run import load_cases
from conformance.stock.matrix_config import SUITES

PATH: Final = Path("docs/reference/cases.md")

_INTRODUCTION: Final = """\
# The cases

<!-- Made by conformance/mutants/reference.py from the cases themselves. Do not edit. -->

What the matrix checks of every client with every server. Each case is one function in
`conformance/stock/cases`, with a store of its own on the server; it drives the client over the
[session protocol](session.md) and judges by [the service](service.md): `service.md: X` is what that page
says under X. `PROTOCOL-HTTP2.md`, `compression.md` and `wait-for-ready.md` are gRPC's own documents.

A case of a stream shape stands once, with the shapes it is declared for; its full name ends in the
shape (`status_each_code_unary`). **Core** cases make up the quick profile and are run in every config;
others are run by each pair in one, **costly** ones by a quarter of the pairs
([ADR 13](../adr/0013-spread-cases.md), [ADR 21](../adr/0021-costly-cases.md)). A case that **relies on**
an ability is a probe where that is not claimed: it must fail there. Mutants are wrong Python peers
(`conformance/mutants`) that the case must catch; each case has at least one, which
`//conformance:mutants_test` sees it fail against.
"""


def reference(cases: Iterable[Case], mutants: Iterable[Mutant]) -> str:
    """The whole page."""
    mutants = tuple(mutants)
    lines = [_INTRODUCTION]
    for suite, of_suite in groupby(cases, lambda case: case.suite):
        listed = tuple(of_suite)
        module = inspect.getmodule(inspect.unwrap(listed[0].function))
        headline = (inspect.getdoc(module) or "").split("\n\n", maxsplit=1)[0]
        lines += [f"## {suite}", "", _sentence(headline, suite), ""]
        for _, variants in groupby(listed, lambda case: inspect.unwrap(case.function)):
            lines += _entry(tuple(variants), mutants)
    return "\n".join(lines)


def _sentence(headline: str, suite: str) -> str:
    text = headline.removeprefix(f"Suite {suite}: ")
    return text[:1].upper() + text[1:]


def _entry(variants: Sequence[Case], mutants: Sequence[Mutant]) -> Iterator[str]:
    """One function: once, though it is declared for several shapes."""
    case = variants[0]
    function = inspect.unwrap(case.function)
    yield f"### {function.__name__}"
    yield ""
    yield inspect.getdoc(function) or ""
    yield ""
    yield from (f"- {name}: {text}" for name, text in _facts(variants, mutants) if text)
    yield ""


def _facts(variants: Sequence[Case], mutants: Sequence[Mutant]) -> Iterator[tuple[str, str]]:
    case = variants[0]
    yield "checks", case.clause
    yield "calls", ", ".join(rpc.name for rpc in case.covers) if len(variants) == 1 else ""
    yield "shapes", ", ".join(_shape(each) for each in variants) if len(variants) > 1 else ""
    yield "relies on", ", ".join(case.relies_on)
    yield "core", "yes" if case.core else ""
    yield "costly", "yes" if case.costly else ""
    yield "asked by", "the runner itself, each server once" if case.scope is Scope.SERVER else ""
    yield "clients", "two: also a third language's" if case.second_client else ""
    yield "security", "" if set(case.securities) == set(Security) else ", ".join(case.securities)
    yield "takes", f"{case.waits:g} s of waiting" if case.waits else ""
    names = [case.name for case in variants]
    yield "mutants", ", ".join(f"`{m.name}`" for m in mutants if _catches(names, m))


def _catches(names: Sequence[str], mutant: Mutant) -> bool:
    return len(mutant.missed(names)) < len(mutant.caught_by)


def _shape(case: Case) -> str:
    return next(shape.value for shape in Shape if case.name.endswith(f"_{shape.value}"))


def main(argv: Sequence[str]) -> int:
    """Prints the page, or writes it into the workspace that Bazel was started in."""
    load()
    page = reference(load_cases(SUITES), MUTANTS.values())
    if [*argv] == ["--write"]:
        Path(os.environ["BUILD_WORKSPACE_DIRECTORY"], PATH).write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
