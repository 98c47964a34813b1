"""Holds the committed case reference to what the cases say."""

import difflib
from pathlib import Path

from runfiles import Runfiles

from conformance.mutants import reference
from conformance.mutants.mutant import MUTANTS
from conformance.mutants.program import load
from conformance.runner.run import load_cases
from conformance.stock.matrix_config import SUITES


def test_the_page_is_what_the_cases_say() -> None:
    runfiles = Runfiles.Create()
    assert runfiles is not None
    path = runfiles.Rlocation(f"_main/{reference.PATH}")
    assert path is not None
    committed = Path(path).read_text(encoding="utf-8")
    load()
    made = reference.reference(load_cases(SUITES), MUTANTS.values())
    difference = difflib.unified_diff(
        committed.splitlines(), made.splitlines(), "committed", "made", lineterm=""
    )
    assert committed == made, "\n".join(
        ["run: ./bazelw run //conformance/mutants:reference -- --write", *difference]
    )


def test_every_case_is_named_by_a_mutant() -> None:
    load()
    for case in load_cases(SUITES):
        assert any(mutant.kills([case.name]) for mutant in MUTANTS.values()), case.name


def test_every_mutant_names_cases_that_there_are() -> None:
    load()
    names = [case.name for case in load_cases(SUITES)]
    for mutant in MUTANTS.values():
        assert not mutant.missed(names), mutant.name
