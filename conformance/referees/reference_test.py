"""Holds the committed page of the referees to what the tests and the locks say."""

import difflib

import pytest

from conformance.referees.reference import PATH, checks, reference, runfile, version

_MODULE = '''
"""tool: what it is for."""

def helper() -> None:
    """No test."""

def test_one() -> None:
    """One.

    More.
    """
'''


def test_the_page_is_what_the_tests_and_the_locks_say() -> None:
    committed, made = runfile(str(PATH)), reference(runfile)
    difference = difflib.unified_diff(
        committed.splitlines(), made.splitlines(), "committed", "made", lineterm=""
    )
    assert committed == made, "\n".join(
        ["run: ./bazelw run //conformance/referees:reference -- --write", *difference]
    )


def test_versions_of_both_locks() -> None:
    mod = "require (\n\tm.dev/a v1.2.3 // indirect\n\tm.dev/a/v2 v2.0.0 // indirect\n)\n"
    assert version("m.dev/a", mod) == "1.2.3"
    assert version("buf-bin", "buf-bin==1.75.0 \\\n    --hash=sha256:00\n") == "1.75.0"


@pytest.mark.parametrize("lock", ["", "\tm.dev/a v1.2.3\n\tm.dev/a v1.2.4\n"])
def test_a_version_that_is_not_one(lock: str) -> None:
    with pytest.raises(ValueError, match="expected once"):
        version("m.dev/a", lock)


def test_checks_are_what_tests_say_of_themselves() -> None:
    assert [*checks(_MODULE)] == ["tool: what it is for.", "One."]
