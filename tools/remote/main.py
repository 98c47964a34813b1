"""Proves a remote cache with real servers: a second machine is served by it, and no harm to it harms a build."""

import argparse
import itertools
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.ci.test_results import results
from tools.execution.workspace import ROOT, Workspace, WorkspaceError, cache
from tools.remote.builder import Builder, read_log
from tools.remote.elsewhere import elsewhere
from tools.remote.install import RemoteError
from tools.remote.misses import explained, tally
from tools.remote.nginx import http_cache
from tools.remote.trials import trials

MATRIX = "//conformance:matrix"
_PROGRAMS = ("stock_server", "stock_client", "store_test", "service_test", "options_test")
_SHARE = 0.99
_SHOWN = 50


def default_targets(root: Path) -> list[str]:
    """The programs and some tests of every language, and the matrix."""
    folders = sorted(path.parent.name for path in root.glob("*/known_failing.toml"))
    return [f"//{folder}:{name}" for folder in folders for name in _PROGRAMS] + [MATRIX]


def served(builder: Builder, store: Path, targets: Sequence[str], logs: Iterable[Path]) -> bool:
    """Builds on the second machine with a filled store, and tells what came of it."""
    events = builder.workspace.folder / "events.json"
    with http_cache(store) as remote:
        told = f"--build_event_json_file={events}"
        run = builder.test("second", targets, "--config=ci", told, *remote.flags())
        count = remote.traffic.count
    print(f"second machine: {run.seconds:.0f} s; {count.text()}")
    found = tally(run.spawns())
    print(f"{found.hits} of {found.total} actions hit ({100 * found.share:.2f} %)")
    if found.misses:
        _tell("missed", explained(found.misses, itertools.chain.from_iterable(map(read_log, logs))))
    with events.open(encoding="utf-8") as lines:
        failed = sorted({name for name, result in results(lines, "build") if result == "failed"})
    _tell("failed", failed)
    tests, cached = verdicts(run.output)
    print(f"{len(cached)} of {len(tests)} tests were not run again")
    matrix = MATRIX in cached or not {MATRIX, "//..."} & set(targets)
    if not matrix:
        print(f"{MATRIX} was run again")
    sys.stdout.flush()
    return found.share >= _SHARE and matrix and not failed


def _tell(what: str, lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        print(f"  {what}: {line}")
    if len(lines) > _SHOWN:
        print(f"  {what}: {len(lines) - _SHOWN} more")


def verdicts(output: str) -> tuple[set[str], set[str]]:
    """The tests of Bazel's summary, and those that passed without being run."""
    lines = [line.split() for line in output.splitlines() if line.startswith("//")]
    tests = {words[0] for words in lines if len(words) > 1}
    return tests, {words[0] for words in lines if words[1:3] == ["(cached)", "PASSED"]}


def fill(store: Path, end: float, targets: Sequence[str]) -> Path:
    """Fills a store from a first clone; the log of that. Raises WorkspaceError, RemoteError."""
    workspace = Workspace(cache() / "remote/first", rc=".bazelrc")
    workspace.copy()
    builder = Builder(workspace, ["--config=remote-cache"], end)
    try:
        with http_cache(store) as remote:
            run = builder.test("first", targets, "--config=ci", *remote.flags(write=True))
            print(f"first clone: {run.seconds:.0f} s; {remote.traffic.count.text()}", flush=True)
    finally:
        workspace.end()
    return run.log


def _check(options: argparse.Namespace) -> None:
    """Before anything is built. Raises RemoteError."""
    if options.filled and not (options.filled / "ac").is_dir():
        raise RemoteError(f"{options.filled} is no store: it has no folder ac")
    for log in options.log:
        if not log.is_file():
            raise RemoteError(f"no execution log {log}")


def prove(options: argparse.Namespace) -> bool:
    """Runs everything; whether all was as it should be."""
    end = time.monotonic() + 60 * options.minutes
    _check(options)
    place = cache() / "remote"
    targets = options.targets or default_targets(ROOT)
    store, logs = options.filled, options.log
    if not store and not options.trials_only:
        store = place / "store"
        logs = [fill(store, end, targets)]
    second = elsewhere(place / "another/machine")
    if not options.keep:
        second.empty()
    second.copy()
    builder = Builder(second, ["--config=remote-cache"], end)
    try:
        passed = options.trials_only or served(builder, store, targets, logs)
        for trial in trials(builder, place / "trials"):
            passed &= trial.passed
            print(f"{'ok    ' if trial.passed else 'FAILED'} {trial.text}", flush=True)
    finally:
        second.end()
        if not options.keep:
            second.empty()
    return passed


def main(argv: Sequence[str]) -> int:
    """0 where all is well, 1 where something is not, told why."""
    parser = argparse.ArgumentParser(prog="tools/remote/cache_test", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", help="what to build and test: all languages, the matrix"
    )
    parser.add_argument("--filled", type=Path, help="a store that a first clone has filled")
    parser.add_argument("--log", type=Path, action="append", default=[], help="its execution log")
    parser.add_argument("--minutes", type=float, default=60.0, help="when all must be over")
    parser.add_argument("--trials-only", action="store_true", help="only harm the cache")
    parser.add_argument(
        "--keep", action="store_true", help="take the second machine as it is, and leave it"
    )
    options = parser.parse_args(argv)
    start = time.monotonic()
    try:
        passed = prove(options)
    except (RemoteError, WorkspaceError, OSError) as error:
        print(f"FAILED {error}", file=sys.stderr)
        passed = False
    spent = time.monotonic() - start
    over = f": --minutes={options.minutes:g} are over" if spent >= 60 * options.minutes else ""
    print(f"{'ok' if passed else 'FAILED'} after {spent:.0f} s{over}")
    return 0 if passed else 1


if __name__ == "__main__":
    # So that what was started is ended.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
