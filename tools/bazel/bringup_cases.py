"""The cases of tools/bazel/bringup_test: each starts bazelw on a machine in a certain state."""

import os
import pwd
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.bazel.prefix.bringup import EXIT_ENVIRONMENT
from tools.bazel.trial import TEST, Trial, TrialError, trial

_STEPS = [f"bazelw: {number}/5 " for number in range(1, 6)]
_COMPLETE = re.compile(r"Bazel is up after (\d+) s")
_MINUTES = 180
_FAST = 0.25
_ASKING = 20


def empty_cache(machine: Trial) -> str:
    """From nothing to a passed test in the sandbox; the next starts are fast."""
    first = machine.run("test", TEST).expect(0, *_STEPS, _COMPLETE.pattern, "1 test passes")
    first.expect(0, r"\d+ linux-sandbox")
    seconds = int(_COMPLETE.findall(first.stderr)[0])
    if seconds > _MINUTES:
        raise TrialError(f"the bring-up took {seconds} s, more than {_MINUTES} s")
    left = sorted(file.name for file in machine.cache.iterdir())
    if left != ["lock", "output", machine.prefixes[0].name]:
        raise TrialError(f"the cache directory holds {left}")
    starts = [_seconds(lambda: machine.run("--version").expect(0, "^bazel 7")) for _ in range(9)]
    if statistics.median(starts) > _FAST:
        raise TrialError(f"a start after the bring-up takes {statistics.median(starts):.3f} s")
    machine.run("test", TEST).expect(0, "cached.*PASSED")
    return f"brought up in {seconds} s, then {1000 * statistics.median(starts):.0f} ms a start"


def passes_through(machine: Trial) -> str:
    """Arguments, standard input, standard output and exit codes are Bazel's."""
    answer = machine.run("run", "//:echo", "--", "a b", "", "*", stdin="given").expect(7)
    if answer.stdout != "<a b><><*>given":
        raise TrialError(f"standard output was {answer.stdout!r}")
    machine.run("build", "//:broken").expect(1, "failed")
    machine.run("nonsense").expect(2, "nonsense")
    return "arguments, streams, exit codes 1, 2 and 7"


def another_checkout(machine: Trial) -> str:
    """A second checkout at another path uses the same prefix, by a relative path too."""
    machine.run("info", "release").expect(0)
    other = machine.folder / "another checkout"
    shutil.copytree(machine.workspace, other, symlinks=True)
    command = [*machine.command()[:-1], "./bazelw", "test", TEST]
    done = subprocess.run(
        command, cwd=other, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0 or "bazelw:" in done.stderr:
        raise TrialError(f"exit code {done.returncode}:\n{done.stderr}")
    return "no second bring-up"


def another_user(_machine: Trial) -> str:
    """As an ordinary user with a home and nothing else; needs root to become one."""
    if os.geteuid() != 0:
        raise TrialError("only root can become another user: name the other cases instead")
    with trial(pwd.getpwnam("nobody").pw_uid) as machine:
        machine.run("test", TEST).expect(0, "1 test passes", r"\d+ linux-sandbox")
        owners = {file.stat().st_uid for file in machine.cache.iterdir()}
        if owners != {machine.user}:
            raise TrialError(f"files of the users {owners} in the cache directory")
    return "as nobody, minimal PATH"


def interrupted(machine: Trial) -> str:
    """A start killed while it unpacks, then two starts at once: one brings up, both work."""
    for number, sent in ((2, signal.SIGINT), (3, signal.SIGKILL)):
        _interrupt(machine, _STEPS[number - 1], sent)
    both = [
        subprocess.Popen(
            machine.command("--version"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    texts = [start.communicate(timeout=300) for start in both]
    if any(start.returncode != 0 for start in both):
        raise TrialError(f"exit codes {[start.returncode for start in both]}:\n{texts}")
    complete = sum(len(_COMPLETE.findall(stderr.decode())) for _, stderr in texts)
    waited = sum(b"waiting for another start" in stderr for _, stderr in texts)
    if (complete, waited) != (1, 1):
        raise TrialError(f"{complete} bring-ups, {waited} waited:\n{texts}")
    machine.run("test", TEST).expect(0, "1 test passes")
    return "killed at steps 2 and 3, then two at once"


def superseded(machine: Trial) -> str:
    """A locked version that the suite dropped: taken with a warning, refused if strict."""
    machine.edit_lock(lambda text: re.sub(r"\npatchelf \S+", "\npatchelf 0.0.1-1", text))
    both = r"patchelf \S+ instead of the locked 0\.0\.1-1"
    strict = machine.replace(STOCK_STRICT="1")
    strict.run("--version").expect(EXIT_ENVIRONMENT, "STOCK_STRICT=1 refuses", both)
    _expect_nothing(machine)
    machine.run("test", TEST).expect(0, f"warning: .*{both}", "1 test passes")
    strict.run("--version").expect(EXIT_ENVIRONMENT, "STOCK_STRICT=1 refuses", both)
    return "warned with both versions; refused if strict, before and after"


def wrong_byte(machine: Trial) -> str:
    """A package file whose bytes change after apt's own check is not unpacked."""
    spoil = "printf XXXXXXXX | dd of=$deb bs=1 seek=999 conv=notrunc 2>/dev/null"
    each = f"for deb in zlib1g_*.deb; do [ ! -e $deb ] || {spoil}; done"
    apt = f'/usr/bin/apt-get "$@" || exit $?\n{each}'
    _expect_error(
        machine.fake("apt-get", apt), "zlib1g .* does not have the expected size and hash"
    )
    machine.edit_lock(lambda text: re.sub(r"(\nzlib1g .*)[0-9a-f]{4}\n", r"\1beef\n", text))
    _expect_error(machine, "zlib1g .* has another hash in the index than in the lock")
    return "refused, in a file and in the lock"


def missing_package(machine: Trial) -> str:
    """A package that the suite does not have at all."""
    machine.edit_lock(lambda text: text.replace("\nzlib1g ", "\nzlib1gone "))
    return _expect_error(machine, "package zlib1gone .* is no longer in the suite")


def no_apt(machine: Trial) -> str:
    """A machine without apt-get, then one without Python."""
    for absent in ("apt-get", "python3"):
        folder = machine.folder / f"without-{absent}"
        folder.mkdir()
        for program in Path("/usr/bin").iterdir():
            if not re.match(rf"{absent}|bazel", program.name):
                (folder / program.name).symlink_to(program)
        _expect_error(machine.replace(path=str(folder)), f"{absent} is not on PATH: install")
    return "named, with what to install"


def full_disk(machine: Trial) -> str:
    """A disk that is full during the download, and one that is full during the unpacking."""
    machine.cache.mkdir(parents=True)
    for megabytes in (100, 300):
        mount = f"mount -t tmpfs -o size={megabytes}m tmpfs {machine.cache}"
        after = f"ls -A {machine.cache} | grep -v ^lock; exit $code"
        script = f'{mount} && {{ "$@"; code=$?; {after}; }}'
        command = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh"]
        command += machine.command("--version")
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != EXIT_ENVIRONMENT or "No space left on device" not in done.stderr:
            raise TrialError(f"exit code {done.returncode} with {megabytes} MB:\n{done.stderr}")
        if done.stdout:
            raise TrialError(f"left on the full disk: {done.stdout}")
    return "one line, nothing left"


def unfit_cache(machine: Trial) -> str:
    """Places that Bazel cannot work in, and no place at all."""
    for place, reason in (("/tmp/x", "hides /tmp"), (f"{machine.folder}/a b", "without spaces")):
        _expect_error(machine.replace(STOCK_BAZEL_CACHE=place), reason)
    _expect_error(machine.replace(STOCK_BAZEL_CACHE="/proc/x"), "/proc/x")
    _expect_error(machine.replace(HOME=""), "set HOME or STOCK_BAZEL_CACHE")
    return "named, with the way out"


def bazel_on_path(machine: Trial) -> str:
    """A `bazel` or `bazelisk` on PATH is used if and only if it answers with the version."""
    version = (machine.workspace / ".bazelversion").read_text().strip()
    for name in ("bazel", "bazelisk"):
        fit = machine.fake(
            name, f'[ "$1" = --version ] && echo "bazel {version}" || {{ echo "$@"; exit 5; }}'
        )
        fit.run("a", "b c").expect(5, "^a b c$")
    unfit = [
        machine.fake("bazel", "echo bazel 0.1"),
        machine.fake("bazel", "exit 1"),
        machine.fake("bazel", f"exec {machine.workspace}/bazelw"),
        # A `timeout` that is shorter than ours, and a Bazel that never answers.
        machine.fake("timeout", 'shift 3; exec /usr/bin/timeout 0.2 "$@"').fake(
            "bazel", "exec cat <>fifo"
        ),
    ]
    os.mkfifo(machine.workspace / "fifo")
    for other in unfit:
        start = time.monotonic()
        _expect_error(other.replace(STOCK_BAZEL_CACHE="/tmp/x"), "hides /tmp")
        if time.monotonic() - start > _ASKING:
            raise TrialError(f"asked for {time.monotonic() - start:.0f} s with PATH={other.path}")
    return "used if it is the version; not if other, failing, hanging or bazelw itself"


CASES: tuple[Callable[[Trial], str], ...] = (
    empty_cache,
    passes_through,
    another_checkout,
    another_user,
    interrupted,
    superseded,
    wrong_byte,
    missing_package,
    no_apt,
    full_disk,
    unfit_cache,
    bazel_on_path,
)

# These share a cache directory: the first finds it empty, the others what it brought up.
_SHARED = (empty_cache, passes_through, another_checkout)


def _seconds(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def _expect_nothing(machine: Trial) -> None:
    if machine.prefixes:
        raise TrialError(f"left behind: {machine.prefixes}")


def _expect_error(machine: Trial, pattern: str) -> str:
    answer = machine.run("--version").expect(EXIT_ENVIRONMENT, f"(?m)^bazelw: error: .*{pattern}")
    if len(re.findall("error", answer.stderr)) != 1 or "Traceback" in answer.stderr:
        raise TrialError(f"more than one line of error:\n{answer.stderr}")
    _expect_nothing(machine)
    return answer.stderr.splitlines()[-1]


def _interrupt(machine: Trial, mark: str, sent: signal.Signals) -> None:
    start = subprocess.Popen(
        machine.command("--version"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        bufsize=0,
    )
    stderr = start.stderr
    assert stderr is not None
    seen = b""
    while mark.encode() not in seen:
        # Ends with the start itself: every step of it has a deadline.
        if not (part := stderr.read(4096)):
            raise TrialError(f"ended before {mark!r}: {seen.decode()}")
        seen += part
    os.killpg(start.pid, sent)
    start.communicate(timeout=60)
    if start.returncode == 0:
        raise TrialError(f"exit code 0 after {sent.name}")
    if list(machine.cache.glob("prefix-*")):
        raise TrialError(f"a prefix after {sent.name}")


def _verdict(case: Callable[[Trial], str], shared: Trial) -> tuple[bool, str]:
    try:
        if case in _SHARED:
            return True, case(shared)
        with trial() as own:
            return True, case(own)
    except (TrialError, OSError, subprocess.SubprocessError) as error:
        return False, str(error)


def main(argv: Sequence[str]) -> int:
    """Runs the cases named in `argv`, or all; exit code 1 if one failed, 2 for an unknown name."""
    chosen = [case for case in CASES if not argv or case.__name__ in argv]
    if len(chosen) < len(argv):
        print(f"cases: {' '.join(case.__name__ for case in CASES)}", file=sys.stderr)
        return 2
    failed = 0
    with trial() as shared:
        for case in chosen:
            start = time.monotonic()
            passed, told = _verdict(case, shared)
            failed += not passed
            head = f"{'ok    ' if passed else 'FAILED'} {case.__name__}"
            print(f"{head} ({time.monotonic() - start:.0f} s): {told}", flush=True)
    print(f"{len(chosen) - failed} of {len(chosen)} cases ok", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
