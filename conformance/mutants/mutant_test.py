"""Tests of how mutants are declared and what counts as catching one."""

import pytest

from conformance.mutants.mutant import MUTANTS, Mutant, Role, mutant, switch
from conformance.runner.config import PLAINTEXT


def declared(*caught_by: str, disturbs: tuple[str, ...] = ()) -> Mutant:
    return Mutant("wrong", Role.SERVER, "Wrong.", caught_by, disturbs, PLAINTEXT, lambda: None)


def test_what_must_fail_is_missed_where_it_does_not() -> None:
    wrong = declared("one", "each_*")
    assert wrong.missed(["one", "each_unary"]) == ()
    assert wrong.missed(["one", "other"]) == ("each_*",)
    assert wrong.missed([]) == ("one", "each_*")


def test_a_case_is_killed_where_it_must_fail_and_does() -> None:
    wrong = declared("one", "each_*", disturbs=("near_*",))
    assert wrong.kills(["one", "near_it", "each_unary", "far"]) == ("one", "each_unary")


def test_what_fails_beside_it_is_a_stray() -> None:
    wrong = declared("one", disturbs=("near_*",))
    assert wrong.strays(["one", "near_it", "far"]) == ("far",)


def test_a_mutant_is_declared_with_what_it_breaks() -> None:
    @mutant(Role.CLIENT, "one", disturbs=("two",))
    def wrong_in_test() -> None:
        """It is wrong.

        In one rule.
        """

    found = MUTANTS.pop("wrong_in_test")
    assert (found.role, found.breaks) == (Role.CLIENT, "It is wrong. In one rule.")
    assert (found.caught_by, found.disturbs) == (("one",), ("two",))


def test_a_mutant_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="mutant silent: expected"):

        @mutant(Role.CLIENT, "one")
        def silent() -> None:
            pass


class Greeter:
    """Something to be made wrong."""

    name = "world"

    def greet(self, greeting: str) -> str:
        """A greeting by name."""
        return f"{greeting} {self.name}"


def test_a_switched_method_gets_the_original() -> None:
    @switch(Greeter, "greet")
    def greet(original: object, self: Greeter, greeting: str) -> str:
        assert callable(original)
        return f"{original(self, greeting)}!"

    assert Greeter().greet("hello") == "hello world!"
