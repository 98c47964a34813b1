"""Runs: from manifest and command line to exit code and reports, over fake peers."""

import io
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.runner import main as main_module
from conformance.runner import run as run_module
from conformance.runner.case import Case
from conformance.runner.config import PLAINTEXT, Profile
from conformance.runner.fakes import bare
from conformance.runner.fakes.bench import command, getting
from conformance.runner.main import Matrix

MATRIX = Matrix({"standard": Profile("standard", (PLAINTEXT,))}, ("no.such.suite",))
CASES = (getting("one"), getting("two"), getting("missing"))


class FakeRunfiles:
    """Runfiles whose paths are ordinary ones."""

    @staticmethod
    def Create() -> "FakeRunfiles":
        """Finds them."""
        return FakeRunfiles()

    def Rlocation(self, path: str) -> str:
        """Where a file is."""
        return path

    def EnvVars(self) -> dict[str, str]:
        """What programs need to know of them."""
        return {}


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(suites: Sequence[str]) -> tuple[Case, ...]:
        assert suites == MATRIX.suites
        return CASES

    monkeypatch.setattr(main_module, "load_cases", load)
    monkeypatch.setattr(run_module, "Runfiles", FakeRunfiles)


def program(folder: Path, role: str, language: str) -> str:
    """A script that is a fake peer."""
    path = folder / f"{language}_{role}"
    path.write_text(f"#!/bin/sh\nexec {shlex.join(command(role, language))}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest of one language that is there and one that is not."""
    (tmp_path / "known_failing.toml").touch()
    good = {
        "language": "good",
        "server": program(tmp_path, "server", "good"),
        "client": program(tmp_path, "client", "good"),
        "known_failing": str(tmp_path / "known_failing.toml"),
        "missing": "",
    }
    absent = {"language": "absent", "server": "", "client": "", "known_failing": ""}
    text = json.dumps({"implementations": [good, absent | {"missing": "no compiler"}]})
    (tmp_path / "manifest.json").write_text(text)
    return tmp_path / "manifest.json"


def matrix(manifest: Path, *argv: str, **environ: str) -> tuple[int, str]:
    """Exit code and output of the matrix."""
    out = io.StringIO()
    code = main_module.main(MATRIX, [f"--manifest={manifest}", *argv], environ, out)
    return code, out.getvalue()


def test_a_pass(manifest: Path) -> None:
    code, text = matrix(manifest, "--case=get_one", "--case=get_two")
    assert code == 0
    assert text.splitlines()[-1] == "PASSED: 2 passed, 6 not_run"
    assert "!!! absent: NOT RUN (no compiler)" in text


def test_what_is_required_must_be_there(manifest: Path) -> None:
    code, text = matrix(manifest, "--case=get_one", "--require=all")
    assert code == 1
    assert "failed: absent was required: no compiler" in text


def test_only_what_is_missing_is_no_pass(manifest: Path) -> None:
    code, text = matrix(manifest, "--client=absent")
    assert code == 1
    assert "failed: nothing was executed" in text


def test_a_failure_is_reported_everywhere(manifest: Path, tmp_path: Path) -> None:
    bazel = tmp_path / "undeclared"
    code, text = matrix(
        manifest,
        f"--report={tmp_path / 'report'}",
        TESTBRIDGE_TEST_ONLY="client=good/server=good",
        TEST_UNDECLARED_OUTPUTS_DIR=str(bazel),
        XML_OUTPUT_FILE=str(tmp_path / "test.xml"),
    )
    assert code == 1
    assert "reproduce  ./bazelw test //conformance:matrix --test_filter=client=good/" in text
    assert "\ntogether: " in text
    assert "fails 1 case: get_missing" in text
    results = json.loads((tmp_path / "report" / "results.json").read_text())
    assert results["counts"] == {"passed": 2, "failed": 1}
    assert json.loads((bazel / "results.json").read_text()) == results
    assert (bazel / "junit.xml").read_bytes() == (tmp_path / "test.xml").read_bytes()
    assert "fails 1 case: get_missing" in (tmp_path / "report" / "summary.md").read_text()
    assert "The matrix failed" in (tmp_path / "report" / "report.html").read_text()
    assert (tmp_path / "report" / "logs" / "good_client.log").exists()


def test_programs_are_brought_along(manifest: Path, tmp_path: Path) -> None:
    mine = f"mine={program(tmp_path, 'server', 'any')},{program(tmp_path, 'client', 'any')}"
    argv = ("--implementation", mine, "--case=get_one", f"--report={tmp_path / 'report'}")
    code, text = matrix(manifest, *argv, "--server=mine")
    assert code == 0
    assert "client=mine/server=mine/security=plaintext/key_type=none: 1 passed" in text
    assert "client=good/server=mine/security=plaintext/key_type=none: 1 passed" in text
    results = json.loads((tmp_path / "report" / "results.json").read_text())
    assert {p["language"] for p in results["programs"]} == {"mine", "good"}
    assert f"--test_arg=--implementation={mine}" in results["permutations"][0]["reproduce"]


def test_a_server_without_a_session_is_run_as_far_as_it_goes(
    manifest: Path, tmp_path: Path
) -> None:
    argv = [sys.executable, bare.__file__, "server"]
    path = tmp_path / "bare"
    path.write_text(f'#!/bin/sh\nexec {shlex.join(argv)} "$@"\n')
    path.chmod(0o755)
    given = (f"--implementation=mine={path},", "--implementation=mine.server-arg=plain")
    code, text = matrix(manifest, *given, "--server=mine", "--client=good", "--case=get_one")
    assert (code, text.splitlines()[-1]) == (0, "PASSED: 1 passed")
    code, text = matrix(manifest, *given, "--server=mine", "--client=good", "--dry-run")
    assert code == 0
    assert "mine server: driven by its flags; what needs more will be not_run" in text


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("mine=here", "expected NAME=SERVER,CLIENT"),
        ("mine=/no/such/file,", "the server /no/such/file does not exist"),
        ("mine=/bin/false,", "exited with 1, before its ready line"),
    ],
)
def test_what_cannot_be_brought_along_is_one_line(
    manifest: Path, given: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = matrix(manifest, f"--implementation={given}")
    assert (code, text) == (2, "")
    [line] = capsys.readouterr().err.splitlines()
    assert named in line


def test_a_stale_entry_fails(manifest: Path) -> None:
    manifest.with_name("known_failing.toml").write_text(
        '[[entry]]\nmatch = "client=good/case=gone"\nreason = "r"\nreference = "d"\n'
        "expires = 2999-01-01\n"
    )
    code, text = matrix(manifest, "--case=get_one")
    assert code == 1
    assert "matches nothing: r" in text


def test_a_dry_run_starts_nothing(manifest: Path) -> None:
    code, text = matrix(manifest, "--dry-run", "--case=get_one")
    assert code == 0
    assert text.splitlines()[0].endswith(
        "client=good/server=good/security=plaintext/key_type=none/case=get_one"
    )
    assert text.splitlines()[-1] == "4 permutations, 1 to run"
    assert "not_run (absent: no compiler)" in text


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["--case=get_three"], "no case of profile standard matches 'get_three'"),
        (["-k", "nowhere"], "the plan is empty"),
    ],
)
def test_nothing_to_run_is_wrong_usage(
    manifest: Path, argv: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = matrix(manifest, *argv)
    assert code == 2
    assert named in capsys.readouterr().err


def test_a_manifest_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = matrix(tmp_path / "nothing.json")
    assert code == 2
    assert "nothing.json" in capsys.readouterr().err
