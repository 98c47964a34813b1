"""Implementations from elsewhere in real runs: Go's own programs given by path, and the guest."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from runfiles import Runfiles

# Seconds for a run, on a machine that does much else.
PATIENCE: Final = 280.0

# What refuses flags that its program has, and hands on the rest.
WITHOUT: Final = """#!/bin/sh
for word in "$@"; do
  case "$word" in {flags}) echo "unknown flag $word" >&2; exit 2 ;; esac
done
exec {program} "$@"
"""
# A server that does not ask its clients for certificates, whatever it is told.
WEAK: Final = """#!/bin/sh
for word in "$@"; do
  shift
  case "$word" in
    mtls) set -- "$@" tls ;;
    --session | --conformance) exit 2 ;;
    --client-ca-file) skip=1 ;;
    *) [ -n "$skip" ] || set -- "$@" "$word"; skip= ;;
  esac
done
exec {program} "$@"
"""


class Ran(NamedTuple):
    """How a run of the matrix ended."""

    code: int
    out: str
    err: str
    results: dict[str, Any]

    def outcomes(self) -> dict[str, int]:
        """How many permutations had each outcome."""
        counts: dict[str, int] = self.results["counts"]
        return counts

    def driven(self) -> dict[str, str]:
        """How each program was driven, by language and role."""
        return {f"{p['language']} {p['role']}": p["driven_by"] for p in self.results["programs"]}

    def passed(self) -> set[str]:
        """The cases that have passed somewhere."""
        permutations = self.results["permutations"]
        return {p["case"] for p in permutations if p["outcome"] == "passed"}


def located(variable: str) -> str:
    """The file whose runfiles path is in a variable."""
    runfiles = Runfiles.Create()
    assert runfiles is not None
    path = runfiles.Rlocation(os.environ[variable])
    assert path is not None
    return path


def go(role: str) -> str:
    """A program of Go, by its path."""
    runfiles = Runfiles.Create()
    assert runfiles is not None
    [entry] = json.loads(Path(located("GO_MANIFEST")).read_text())["implementations"]
    path = runfiles.Rlocation(entry[role])
    assert path is not None
    return path


def without(folder: Path, program: str, *flags: str) -> Path:
    """A program that lacks flags."""
    return script(folder, WITHOUT.format(flags=" | ".join(flags), program=program))


def script(folder: Path, text: str) -> Path:
    """An executable script."""
    path = folder / "script"
    path.write_text(text)
    path.chmod(0o755)
    return path


def matrix(folder: Path, *argv: str) -> Ran:
    """A run of the matrix of Go and what is brought along."""
    command = [located("MATRIX"), f"--manifest={os.environ['GO_MANIFEST']}", f"--report={folder}"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TEST", "XML_OUTPUT"))}
    done = subprocess.run(
        [*command, *argv],
        capture_output=True,
        text=True,
        timeout=PATIENCE + 60,
        check=False,
        env=kept,
        cwd=folder,
    )
    written = folder / "results.json"
    results = json.loads(written.read_text()) if written.exists() else {}
    return Ran(done.returncode, done.stdout, done.stderr, results)


def test_programs_with_a_session_are_full_citizens(tmp_path: Path) -> None:
    argv = (f"--implementation=mygo={go('server')},{go('client')}", "--security=mtls")
    ran = matrix(tmp_path, *argv, "--client=mygo", "--server=mygo")
    assert ran.code == 0, ran.out
    assert ran.driven() == {
        "mygo server": "session",
        "mygo client": "session",
        "go client": "session",
    }
    # All that the language itself passes.
    assert ran.outcomes().keys() <= {"passed", "unsupported"}
    assert ran.outcomes()["passed"] > 150
    assert 'classname="mygo.mygo.mtls"' in (tmp_path / "junit.xml").read_text()
    assert "| mygo server |" in (tmp_path / "summary.md").read_text()


def test_a_built_language_is_replaced_under_its_name(tmp_path: Path) -> None:
    argv = ("--implementation", f"go={go('server')},", "--case=unary_get*")
    ran = matrix(tmp_path, *argv, "--client=go", "--server=go", "--security=plaintext")
    assert ran.code == 0, ran.out
    assert ran.passed() == {"unary_get_put", "unary_get_missing"}


def test_a_server_by_its_flags(tmp_path: Path) -> None:
    plain = without(tmp_path, go("server"), "--session", "--conformance")
    argv = (f"--implementation=mygo={plain},", "--client=go", "--server=mygo")
    ran = matrix(tmp_path, *argv, "--security=mtls")
    assert ran.code == 0, ran.out
    assert ran.driven()["mygo server"] == "flags"
    assert ran.outcomes().keys() == {"passed", "not_run"}
    assert ran.results["floor"] == ran.results["executed"] == ran.outcomes()["passed"]
    assert len(ran.passed()) > 55
    assert {"tls_handshake", "trade_thousand_orders", "monitor_order_1000"} <= ran.passed()


def test_a_server_by_its_flags_and_directives(tmp_path: Path) -> None:
    obeys = without(tmp_path, go("server"), "--session")
    argv = (f"--implementation=mygo={obeys},", "--client=go", "--server=mygo")
    ran = matrix(tmp_path, *argv, "--security=plaintext")
    assert ran.code == 0, ran.out
    assert ran.driven()["mygo server"] == "conformance"
    assert ran.outcomes().keys() == {"passed", "not_run"}
    assert len(ran.passed()) > 110
    assert "status_each_code_bidi_stream" in ran.passed()


def test_a_client_by_its_operations(tmp_path: Path) -> None:
    plain = without(tmp_path, go("client"), "--session")
    argv = (f"--implementation=mygo=,{plain}", "--client=mygo", "--server=go")
    ran = matrix(tmp_path, *argv, "--security=mtls")
    assert ran.code == 0, ran.out
    assert ran.driven() == {
        "mygo client": "flags",
        "go client": "session",
        "go server": "flags",
    }
    assert ran.outcomes().keys() == {"passed", "not_run"}
    assert len(ran.passed()) >= 28
    assert {"tls_handshake", "unary_put_binary_256", "trade_position_limit"} <= ran.passed()


def test_the_guest(tmp_path: Path) -> None:
    argv = (
        f"--implementation=guest={located('GUEST')},",
        f"--implementation=guest.known-failing={located('GUEST_KNOWN')}",
        "--profile=quick",
        "--security=mtls",
        "--server=guest",
    )
    ran = matrix(tmp_path, *argv)
    assert ran.code == 0, ran.out
    assert ran.outcomes().keys() == {"passed", "known_failing", "unsupported", "not_run"}
    assert {"health_watch", "malformed_request", "batch_summary"} <= ran.passed()
    guest = next(p for p in ran.results["programs"] if p["language"] == "guest")
    assert guest["library"].startswith("grpclib ")


def test_a_guest_that_errs_is_red(tmp_path: Path) -> None:
    weak = script(tmp_path, WEAK.format(program=located("GUEST")))
    argv = (f"--implementation=weak={weak},", "--client=go", "--server=weak", "--security=mtls")
    ran = matrix(tmp_path, *argv, "--case=tls_handshake")
    assert ran.code == 1
    assert "security: expected 'mtls', got 'tls'" in ran.out
    assert f"--test_arg=--implementation=weak={weak}," in ran.out


def test_who_can_be_asked_nothing_is_an_error(tmp_path: Path) -> None:
    argv = (f"--implementation=guest={located('GUEST')},", "--security=plaintext")
    ran = matrix(
        tmp_path, *argv, "--case=status_each_code_*", "--case=unary_get_put", "--client=go"
    )
    assert ran.code == 0, ran.out
    ran = matrix(tmp_path, *argv, "--case=status_each_code_unary", "--client=go")
    assert ran.code == 1
    assert "failed: nothing was executed with the guest server, which was brought along" in ran.out


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        ("mine", "expected NAME=SERVER,CLIENT"),
        ("mine=/none,", "implementation mine: the server /none does not exist"),
        ("mine=/,", "implementation mine: the server / is a directory"),
        ("mine=/etc/passwd,", "implementation mine: the server /etc/passwd is not executable"),
        ("mine=/bin/true,", "exited with 0, before its ready line"),
        ("mine=,/bin/true", "of `get` where no server is"),
        ("mine=/bin/echo,", "expected `Server listening on HOST:PORT`, got b'--port 0"),
    ],
)
def test_what_cannot_be_run_is_one_line(tmp_path: Path, brought: str, reason: str) -> None:
    ran = matrix(tmp_path, "--implementation", brought, "--dry-run")
    assert (ran.code, ran.out) == (2, "")
    [line] = ran.err.splitlines()
    assert line.startswith("matrix: ")
    assert reason in line
