"""A tiny workspace of its own with this bazelw in it, for the scripts that try the bring-up."""

import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# Not /tmp, which Bazel's sandbox hides, and not a home, which another user cannot enter.
PLACE = Path("/var/tmp")
MINIMAL_PATH = "/usr/bin:/bin"
TEST = "//:sandbox_test"

_DEADLINE = 600.0
_END_DEADLINE = 20.0
_ROOT = Path(__file__).parents[2]

_FILES = {
    ".bazelrc": """\
common --noenable_workspace --lockfile_mode=off --curses=no --color=no
build --sandbox_default_allow_network=false
""",
    "MODULE.bazel": 'module(name = "trial")\n',
    "BUILD.bazel": """\
load(":script.bzl", "script", "script_test")
genrule(name = "made", outs = ["made.txt"], cmd = "echo made > $@")
script_test(name = "sandbox_test", src = "sandbox_test.sh", data = ["made.txt"])
script(name = "echo", src = "echo.sh")
genrule(name = "broken", outs = ["broken.txt"], cmd = "false")
""",
    # Bazel's own sh_test asks for a C++ compiler, which a bare machine lacks.
    "script.bzl": """\
def _impl(ctx):
    ctx.actions.symlink(output = ctx.outputs.out, target_file = ctx.file.src, is_executable = True)
    runfiles = ctx.runfiles(ctx.files.data)
    return [DefaultInfo(executable = ctx.outputs.out, runfiles = runfiles)]

def _rule(**kind):
    label = attr.label(allow_single_file = True)
    attrs = {"data": attr.label_list(allow_files = True), "src": label}
    return rule(implementation = _impl, attrs = attrs, outputs = {"out": "%{name}.out"}, **kind)

script = _rule(executable = True)
script_test = _rule(test = True)
""",
    # Only the loopback interface exists where a test has no network.
    "sandbox_test.sh": """\
#!/bin/sh
set -eux
grep -q made made.txt
test "$(grep -o '[a-z0-9]*:' /proc/net/dev)" = lo:
""",
    "echo.sh": '#!/bin/sh\nprintf "<%s>" "$@"\ncat\nexit 7\n',
}


class TrialError(Exception):
    """Something was not as expected; the text says what, with the output that shows it."""


@dataclass(frozen=True)
class Answer:
    """How a start of bazelw ended."""

    code: int
    stdout: str
    stderr: str

    def expect(self, code: int, *patterns: str) -> "Answer":
        """Itself if it has the exit code and each regular expression is found in its output."""
        text = self.stdout + self.stderr
        missing = [pattern for pattern in patterns if not re.search(pattern, text)]
        if self.code != code or missing:
            wanted = f"exit code {code} and {missing}" if missing else f"exit code {code}"
            raise TrialError(f"expected {wanted}, got exit code {self.code}:\n{text}")
        return self


@dataclass(frozen=True)
class Trial:
    """A workspace, a home and a cache directory under `folder`; `user` is another user's id."""

    folder: Path
    user: int | None = None
    path: str = MINIMAL_PATH
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def workspace(self) -> Path:
        """The workspace; a checkout of a few files."""
        return self.folder / "workspace"

    @property
    def cache(self) -> Path:
        """The cache directory of bazelw, where XDG_CACHE_HOME is not set."""
        return self.folder / "home/.cache/stock/bazel"

    @property
    def prefixes(self) -> list[Path]:
        """The prefixes brought up so far, complete or not."""
        return [*self.cache.glob("prefix-*"), *self.cache.glob("building*")]

    def command(self, *arguments: str) -> list[str]:
        """The command line of a start in a bare environment, as the user of the trial."""
        variables = {"HOME": f"{self.folder}/home", "PATH": self.path} | dict(self.variables)
        # What a shell starts in the background ignores SIGINT, and so would all that it starts.
        bare = [
            "env",
            "-i",
            "--default-signal=INT",
            *(f"{name}={value}" for name, value in variables.items()),
        ]
        other = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        return [*bare, *(other if self.user else []), f"{self.workspace}/bazelw", *arguments]

    def run(self, *arguments: str, stdin: str = "") -> Answer:
        """Runs bazelw to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.workspace,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_DEADLINE,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def edit_lock(self, change: Callable[[str], str]) -> None:
        """Replaces the text of the workspace's packages.lock."""
        lock = self.workspace / "tools/bazel/prefix/packages.lock"
        lock.write_text(change(lock.read_text()))

    def fake(self, name: str, script: str) -> "Trial":
        """The same trial with a program `name`, a shell script, before all others on PATH."""
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix="path-"))
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
        folder.chmod(0o755)
        return self.replace(path=f"{folder}:{self.path}")

    def replace(self, path: str | None = None, **variables: str) -> "Trial":
        """The same trial with another PATH and more variables."""
        changed = dict(self.variables) | variables
        return Trial(self.folder, self.user, path or self.path, changed)


@contextmanager
def trial(user: int | None = None) -> Iterator[Trial]:
    """A trial with nothing in its cache directory; its Bazel and its files are gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=PLACE, prefix="stock-bringup-"))
    made = Trial(folder, user)
    try:
        (folder / "home").mkdir()
        _write_workspace(made.workspace)
        if user:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user, user)
        yield made
    finally:
        _end_servers(made.cache)
        _writable(folder)
        shutil.rmtree(folder)


def _end_servers(cache: Path) -> None:
    # Not `bazelw shutdown`: after an edit of the lock that would bring up another Bazel.
    for file in cache.glob("output/*/server/server.pid.txt"):
        try:
            server = os.pidfd_open(int(file.read_text()))
        except ProcessLookupError:
            continue
        signal.pidfd_send_signal(server, signal.SIGTERM)
        if not select.select([server], [], [], _END_DEADLINE)[0]:
            signal.pidfd_send_signal(server, signal.SIGKILL)
        os.close(server)


def _write_workspace(workspace: Path) -> None:
    for name, text in _FILES.items():
        file = workspace / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o755 if name.endswith(".sh") else 0o644)
    for name in ("bazelw", ".bazelversion"):
        shutil.copy(_ROOT / name, workspace / name)
    shutil.copytree(_ROOT / "tools/bazel", workspace / "tools/bazel")


def _writable(folder: Path) -> None:
    # Bazel makes its outputs read-only.
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
