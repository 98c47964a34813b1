"""Options: what arguments and Bazel's environment come to, and exit 2 for what is none."""

from pathlib import Path

import pytest

from conformance.runner.options import Options, parse_options
from conformance.runner.pattern import parse

PROFILES = ["quick", "standard"]


def options(*argv: str, **environ: str) -> Options:
    """The options of a command line."""
    return parse_options(["--manifest=_main/m.json", *argv], environ, PROFILES)


def test_defaults() -> None:
    given = options()
    assert (given.profile, given.manifest) == ("standard", "_main/m.json")
    assert not any((given.dry_run, given.require_all, given.reports, *given.selection))


def test_globs_may_be_repeated() -> None:
    given = options(
        "--client=go", "--client", "py*", "--key-type=p256", "-k", "trade", "--suite=tls"
    )
    assert given.selection.clients == ("go", "py*")
    assert given.selection.key_types == ("p256",)
    assert given.selection.suites == ("tls",)
    assert given.selection.text == "trade"


@pytest.mark.parametrize("profile", PROFILES)
def test_the_last_profile_wins(profile: str) -> None:
    assert options("--profile=standard", f"--profile={profile}").profile == profile


def test_bazels_timeout_bounds_the_run() -> None:
    assert options(TEST_TIMEOUT="60").budget == 40
    assert options().budget == 280


def test_bazel_is_heard() -> None:
    by_case = options(TESTBRIDGE_TEST_ONLY="trade_*", TEST_UNDECLARED_OUTPUTS_DIR="out")
    assert by_case.selection.cases == ("trade_*",)
    assert by_case.reports == (Path("out"),)
    by_name = options("--report=here", TESTBRIDGE_TEST_ONLY="client=go/case=get")
    assert by_name.selection.patterns == (parse("client=go/case=get"),)
    assert by_name.reports == (Path("here"),)


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["--profile=huge"], "'huge'"),
        (["--cleint=go"], "--cleint=go"),
        (["--clien=go"], "--clien=go"),
        (["--require=some"], "'some'"),
        (["stray"], "stray"),
    ],
)
def test_bad_input_is_named(
    argv: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        options(*argv)
    assert ended.value.code == 2
    assert named in capsys.readouterr().err


def test_a_bad_filter_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options(TESTBRIDGE_TEST_ONLY="lang=go")
    assert ended.value.code == 2
    assert "--test_filter lang=go: bad pattern" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "environ", "required"),
    [
        ([], {}, False),
        (["--require=all"], {}, True),
        ([], {"STOCK_REQUIRE": "all"}, True),
        ([], {"STOCK_REQUIRE": ""}, False),
    ],
)
def test_all_may_be_required(argv: list[str], environ: dict[str, str], *, required: bool) -> None:
    assert parse_options(["--manifest=m", *argv], environ, ["standard"]).require_all is required
