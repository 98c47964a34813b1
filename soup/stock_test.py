"""The built command as a user calls it, with the real programs of Go and Python."""

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from runfiles import Runfiles

from conformance.life import programs
from conformance.life.programs import PATIENCE, PATIENT, Ended, Implementation, Running
from conformance.runner.process import environment
from soup.fakes.workspace import calls, fake_workspace


class User(NamedTuple):
    """Somebody with the command, in a folder and a home of their own."""

    command: Implementation
    folder: Path
    # By language and role.
    real: Mapping[tuple[str, str], str]

    def call(self, *words: str | bytes, stdin: bytes = b"") -> Ended:
        """Runs the command to its end."""
        return programs.run(self.command, "client", *words, stdin=stdin)

    def start(self, *words: str) -> contextlib.AbstractContextManager[Running]:
        """Starts the command."""
        return programs.start(self.command, "server", self.folder, *words)

    def having(self, **variables: str) -> "User":
        """The same user with other variables."""
        environ = {**self.command.environment, **variables}
        return self._replace(command=self.command._replace(environment=environ))


def located(variable: str) -> str:
    """A runfile that the test was given."""
    runfiles = Runfiles.Create()
    assert runfiles is not None
    return runfiles.Rlocation(os.environ[variable]) or ""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user who has no programs."""
    monkeypatch.chdir(tmp_path)
    environ = {**environment({}), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name in ("RUNFILES_DIR", "PYTHONPATH", "XDG_RUNTIME_DIR"):
        environ.pop(name, None)
    entries = json.loads(Path(located("SOUP_MANIFEST")).read_text("utf-8"))["implementations"]
    runfiles = Runfiles.Create()
    assert runfiles is not None
    real = {
        (entry["language"], role): runfiles.Rlocation(entry[role]) or ""
        for entry in entries
        for role in ("server", "client")
    }
    stock = located("SOUP_STOCK")
    return User(Implementation("", stock, stock, "", environ), tmp_path, real)


@pytest.fixture
def user(stranger: User) -> User:
    """A user whose variables name the programs of Go and Python."""
    named = {f"STOCK_{name}_{role}".upper(): path for (name, role), path in stranger.real.items()}
    return stranger.having(**named)


@pytest.fixture
def language(request: pytest.FixtureRequest) -> str:
    """The language of the server."""
    found: str = getattr(request, "param", "go")
    return found


@pytest.fixture
def endpoint(user: User, language: str) -> Iterator[str]:
    """Where a server in plaintext listens."""
    with user.start("server", language, "--port=0") as server:
        yield listening(server)


def listening(server: Running) -> str:
    """The endpoint of a ready line."""
    return server.line().removeprefix("Server listening on ")


@pytest.mark.parametrize(
    ("language", "client"), [("go", "python"), ("python", "go")], indirect=["language"]
)
def test_every_operation(user: User, endpoint: str, client: str) -> None:
    at = (f"--server={endpoint}", PATIENT, "--client", client)
    assert user.call("put", "colour", "blue", *at) == Ended(0, b"OK\n", "")
    assert user.call("get", *at, "colour") == Ended(0, b"blue\n", "")
    assert user.call("kv-put", *at, "k", "-", stdin=b"\0\xff\n") == Ended(0, b"OK\n", "")
    assert user.call("kv-get", "k", *at).out == b"\0\xff\n\n"
    assert user.call("batch", "a=1", "b=2", *at).out == b"total=2 successful=2 failed=0 bytes=2\n"
    assert user.call("trade", "buy:acme:3", *at).out == b"ok\tacme\t3\tbought\n"
    assert b"items=4\n" in user.call("inventory", *at).out
    assert user.call("health", *at).out == b"SERVING\n"
    assert user.call("delete", "colour", *at).out == b"OK\n"


def test_a_monitor_is_a_stream(user: User, endpoint: str) -> None:
    at = (f"--server={endpoint}", PATIENT)
    with user.start("go", "client", "monitor", "--count=1", *at) as monitor:
        # It has no sign that it listens: so there is something new until it has heard of it.
        while monitor.process.poll() is None:
            assert user.call("put", "k", "v", *at, "--client=go").code == 0
        assert monitor.line().split("\t")[1:] == ["PUT", "k", "v"]
        assert monitor.wait() == 0


def test_exit_codes_are_the_programs(user: User, endpoint: str) -> None:
    at = (f"--server={endpoint}", PATIENT)
    missing = user.call("go", "client", "get", "k", *at)
    assert missing == Ended(64 + 5, b"", "NOT_FOUND: key not found: k\n")
    assert user.call("client", "python", "health", "nobody", *at).code == 64 + 5
    assert user.call("get", b"\xff", *at, "--client=go").code == 2
    assert user.call("get", "k", "--client=go", "--cleint=x").code == 2
    taken = user.call("server", "go", f"--port={endpoint.rpartition(':')[2]}")
    assert taken.code == 3
    assert user.call("go", "server", "--version").out.startswith(b"stock_server ")


def test_a_key_may_look_like_a_flag(user: User, endpoint: str) -> None:
    at = (f"--server={endpoint}", PATIENT)
    assert user.call("put", *at, "--", "--tls-mode", "-5").out == b"OK\n"
    assert user.call("go", "client", "get", *at, "--", "--tls-mode").out == b"-5\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("mode", ["none", "auto"])
def test_a_signal_drains_the_server(user: User, number: signal.Signals, mode: str) -> None:
    with user.start("server", "go", "--port=0", "--tls-mode", mode) as server:
        listening(server)
        server.signal(number)
        assert server.wait() == 0


@pytest.mark.parametrize(("server", "client"), [("go", "python"), ("python", "go")])
def test_auto(user: User, server: str, client: str) -> None:
    runs = user.folder / "cache/stock/auto"
    words = ("--port=0", "--tls-mode=auto", "--ca-out", "ca.pem", "--key-type=p384")
    with user.start("server", server, *words) as running:
        at = (f"--server={listening(running)}", PATIENT)
        (run,) = runs.glob("run-*")
        assert "stock: CA: ca.pem\n" in running.log
        assert f"stock: clients show: {run}/client.pem, {run}/client-key.pem\n" in running.log
        by_file = ("--tls-mode=auto", "--ca-out=ca.pem")
        assert user.call("put", "k", "v", *at, *by_file, "--client", client).out == b"OK\n"
        only_one = user.call("get", "k", *at, "--tls-mode=auto", "--client", client)
        assert only_one.out == b"v\n"
        # Who shows nothing, or trusts nobody, is refused.
        stranger = user.call("get", "k", *at, "--tls-mode=tls", "--ca-file=ca.pem", "--client=go")
        assert stranger.code == 64 + 14
        running.signal(signal.SIGTERM)
        assert running.wait() == 0
    assert not run.exists()
    gone = user.call("get", "k", *at, *by_file)
    assert gone.code == 2
    assert "ca.pem: no server of --tls-mode auto that runs now has written it" in gone.err


def test_manual(user: User) -> None:
    made = user.call("certs", "make", "d", "--names", "kvproto", "--key-type", "rsa2048")
    assert made.code == 0, made.err
    server_file, client_file = (f"d/rsa-2048-mtls-{role}" for role in ("server", "client"))
    words = (
        "--port=0",
        "--tls-mode=manual",
        f"--cert-file={server_file}.crt",
        f"--key-file={server_file}.key",
        f"--client-ca-file={client_file}.crt",
    )
    with user.start("go", "server", *words) as server:
        at = (f"--server={listening(server)}", PATIENT, "--tls-mode=mtls")
        own = (f"--cert-file={client_file}.crt", f"--key-file={client_file}.key")
        for roots in ("d/rsa-2048-ca.crt", f"{server_file}.crt"):
            assert user.call("health", *at, *own, f"--ca-file={roots}").out == b"SERVING\n"


def test_the_list_asks_the_programs(user: User) -> None:
    listed = {one["language"]: one for one in json.loads(user.call("list", "--json").out)}
    assert {name for name, one in listed.items() if one["state"] == "built"} == {"go", "python"}
    assert listed["go"]["tls_stack"] == "crypto/tls"
    assert listed["go"]["library"].startswith("grpc-go")
    assert listed["python"]["runtime"].startswith("cpython")
    assert all(one["trouble"] is None for one in listed.values())


def test_what_is_installed_is_found_without_a_workspace(stranger: User) -> None:
    workspace = fake_workspace(stranger.folder / "workspace")
    place_real(stranger, workspace.root, "go")
    inside = stranger.having(BUILD_WORKSPACE_DIRECTORY=str(workspace.root))
    kept = inside.call("harness", "build", "stock-go")
    assert kept.code == 0, kept.err
    assert stranger.call("go", "server", "--version").code == 0
    nothing = stranger.call("python", "server", "--version")
    assert nothing.code == 2
    assert "stock harness build stock-python" in nothing.err


def place_real(user: User, root: Path, language: str) -> None:
    """Puts programs where a build leaves them, and a `bazelw` that leaves them alone."""
    folder = root / "bazel-bin" / language
    folder.mkdir(parents=True)
    for role in ("server", "client"):
        (folder / f"stock_{role}").symlink_to(user.real[language, role])
        (folder / f"stock_{role}.runfiles").mkdir()
    (root / "bazelw").write_text("#!/bin/sh\n", "utf-8")


def test_the_exit_code_of_tests_is_bazels(user: User) -> None:
    workspace = fake_workspace(user.folder / "workspace")
    inside = user.having(BUILD_WORKSPACE_DIRECTORY=str(workspace.root))
    assert inside.call("test", "all").code == 3
    (call,) = calls(workspace)
    assert call == "test //conformance:matrix //conformance:life //conformance:mutants_test"


@pytest.fixture
def inside(user: User) -> User:
    """A user in a workspace that has built the runner."""
    workspace = fake_workspace(user.folder / "workspace")
    (workspace.root / "bazelw").write_text("#!/bin/sh\n", "utf-8")
    runner = workspace.built("conformance", "go_python")
    runner.parent.mkdir(parents=True)
    runner.symlink_to(located("SOUP_MATRIX"))
    return user.having(BUILD_WORKSPACE_DIRECTORY=str(workspace.root))


def test_an_implementation_of_soup_toml_has_part_in_the_matrix(inside: User) -> None:
    toml = f"[stock.mine]\nclient = '{inside.real['go', 'client']}'"
    Path("soup.toml").write_text(toml, "utf-8")
    pair = ("--client=mine", "--client=go", "--server=python")
    ran = inside.call("matrix", *pair, "--security=plaintext", "--case=unary_get_put")
    assert ran.code == 0, ran.out + ran.err.encode()
    assert b"PASSED: 2 passed" in ran.out


def test_the_matrix_and_its_reports(inside: User) -> None:
    pair = ("matrix", "--client=go", "--server=python", "--security=plaintext")
    ran = inside.call(*pair, "--case=unary_get_put", "--report=run")
    assert ran.code == 0, ran.out
    assert b"PASSED: 1 passed" in ran.out
    assert json.loads(Path("run/results.json").read_text("utf-8"))["permutations"]
    assert inside.call(*pair, "--case=nothing").code == 2
    Path("run/report.html").unlink()
    assert inside.call("report", "html", "run").code == 0
    assert Path("run/report.html").exists()
    assert inside.call("report", "diff", "run", "run/results.json").code == 0


def test_a_reader_that_has_enough_ends_it_quietly(user: User) -> None:
    line = [user.command.server, "certs", "make", "d"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            line,
            stdout=writing,
            stderr=subprocess.PIPE,
            env=user.command.environment,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_left_out_where_nobody_wants_them(
    user: User, variables: dict[str, str], coloured: bool
) -> None:
    wanted = user.having(TERM="xterm-256color", **variables).command
    terminal, other = os.openpty()
    with subprocess.Popen(
        [wanted.server, "list"], stdout=subprocess.DEVNULL, stderr=other, env=wanted.environment
    ) as listing:
        os.close(other)
        shown = b"".join(iter(lambda: read(terminal), b""))
        assert listing.wait(PATIENCE) == 0
    os.close(terminal)
    assert b"asking programs what they are" in shown
    assert (re.search(rb"\x1b\[[\d;]*3\d", shown) is not None) == coloured


def read(terminal: int) -> bytes:
    """More of what a terminal shows; nothing when everybody has left it."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
