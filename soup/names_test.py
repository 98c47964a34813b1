"""Names, and what is said of wrong ones."""

from soup.names import OPERATIONS, languages, unknown


def test_the_languages_are_those_of_the_matrix() -> None:
    assert {"go", "python"} <= {*languages()}
    assert [*languages()] == sorted(languages())


def test_a_wrong_name_is_told_what_is_near_and_what_there_is() -> None:
    known = ["go", "python"]
    assert unknown("language", "pyton", known) == (
        "unknown language 'pyton': did you mean 'python'? there are: go, python"
    )
    assert unknown("language", "x", known) == "unknown language 'x': there are: go, python"
    assert unknown("run", "x", ()) == "unknown run 'x': there are: none"


def test_an_operation_says_how_it_is_called() -> None:
    assert all(told.endswith(".") for told in OPERATIONS.values())
