"""The trials of a cache that is harmed, that lies or that is gone: each build must be right."""

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tools.ci.test_results import results
from tools.execution.workspace import WorkspaceError
from tools.remote.builder import Builder, Run
from tools.remote.buildgrid import grpc_cache
from tools.remote.damage import blob, flip, remove
from tools.remote.install import RemoteError
from tools.remote.liar import garbage, liar
from tools.remote.misses import HIT, Tally, tally
from tools.remote.nginx import HttpCache, http_cache
from tools.remote.rightness import made, wrong

# Cheap to build again, and yet a chain: descriptors, generated code, bundles, a test.
HARMED = ("//node:stock_server", "//node:store_test")
# Not the checks of types that stand beside the chain: they are nine tenths of the time, and prove nothing more.
_CHAIN_ALONE = "--norun_validations"
BELOW = "//node:stock"
_SHARE = 0.1
_HITS_BEFORE_DEATH = 4
_WAIT = 300.0
_END = 10.0
_RETRIED = "retrying the build"
_TOKEN = "Bearer of-one-cache-alone"
# A credential helper: asked for an address, answers with headers.
_HELPER = """\
#!/bin/sh
cat >/dev/null
echo '{{"headers": {{"Authorization": ["{token}"]}}}}'
"""


class Verdict(NamedTuple):
    """How a trial went, in one line."""

    passed: bool
    text: str


@dataclass(frozen=True)
class Honest:
    """What a build without any cache made."""

    builder: Builder
    made: Mapping[str, str]

    def again(self, name: str, *flags: str) -> tuple[Run, Tally, list[str]]:
        """Cleans and builds again; the run, what was hit, and what is wrong."""
        self.builder.clean()
        return self.as_it_is(name, *flags)

    def as_it_is(self, name: str, *flags: str) -> tuple[Run, Tally, list[str]]:
        """The same without cleaning."""
        run = self.builder.test(name, HARMED, _CHAIN_ALONE, *flags)
        root = self.builder.workspace.tree / "bazel-out" / ".."
        return run, tally(run.spawns()), wrong(self.made, made(run.spawns()), root.resolve())


def verdict(
    name: str, again: tuple[Run, Tally, list[str]], expected: Callable[[Tally], bool]
) -> Verdict:
    """The verdict on a build: right, and with the hits that were to be."""
    run, count, faults = again
    problem = "; ".join(faults[:3]) or ("" if expected(count) else "not the hits that were to be")
    told = f"{name}: {count.hits} of {count.total} hit, {run.seconds:.1f} s"
    return Verdict(not problem, f"{told}: {problem}" if problem else told)


def _all(count: Tally) -> bool:
    return count.total > 0 and count.hits == count.total


def _some_missed(count: Tally) -> bool:
    return 0 < count.hits < count.total


def _missed(count: Tally) -> bool:
    # What makes nothing but empty files is a hit with an empty store too.
    return count.hits < count.total


def _none(count: Tally) -> bool:
    return count.total > 0 and not count.hits


def trials(builder: Builder, place: Path) -> Iterator[Verdict]:
    """All trials, with stores of their own under `place`, which is emptied before."""
    shutil.rmtree(place, ignore_errors=True)
    with http_cache(place / "store") as cache:
        builder.clean()
        filled = builder.test("filled", HARMED, _CHAIN_ALONE, *cache.flags(write=True))
        honest = Honest(builder, made(filled.spawns()))
        yield verdict("filled", (filled, tally(filled.spawns()), []), _none)
        yield verdict("whole", honest.again("whole", *cache.flags()), _all)
        yield from _harmed(honest, cache, place)
    yield _killed(honest, place / "store")
    yield _killed_job(honest, place / "store")
    with liar(garbage()) as liars:
        yield verdict("garbage", honest.again("garbage", *liars.flags()), _none)
    yield _hollow(honest, place / "events.json")
    yield from _token(honest, place / "helper")
    yield from _mutual(honest, place)


def _harmed(honest: Honest, cache: HttpCache, place: Path) -> Iterator[Verdict]:
    whole = place / "whole"
    shutil.copytree(cache.store, whole)
    file = max((blob(cache.store, digest) for digest in honest.made.values()), key=_size)
    flip(file)
    yield verdict("one byte flipped", honest.again("flipped", *cache.flags()), _some_missed)
    _restore(whole, cache.store)
    number = remove(cache.store, _SHARE, honest.made.values())
    again = honest.again("removed", *cache.flags())
    yield verdict(f"{number} blobs removed", again, _some_missed)
    _restore(whole, cache.store)
    # What lies below is told of and not fetched; then it is gone, and needed.
    honest.builder.clean()
    honest.builder.build([BELOW], _CHAIN_ALONE, *cache.flags(), "--remote_download_minimal")
    remove(cache.store, 1.0)
    again = honest.as_it_is("evicted", *cache.flags(), "--remote_download_toplevel")
    evicted = verdict("all evicted between two builds", again, _missed)
    if _RETRIED in again[0].errors:
        yield evicted
    else:
        yield Verdict(False, f"{evicted.text}: nothing was lost, so nothing was tried again")
    _restore(whole, cache.store)


def _restore(whole: Path, store: Path) -> None:
    shutil.rmtree(store)
    shutil.copytree(whole, store)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else -1


@contextlib.contextmanager
def _dying(store: Path) -> Iterator[HttpCache]:
    """A cache that dies after some hits. Raises RemoteError where it had to live on."""
    with http_cache(store) as cache:
        died = threading.Event()

        def wait() -> None:
            if cache.traffic.wait_for("hits", _HITS_BEFORE_DEATH, _WAIT):
                cache.kill()
                died.set()

        threading.Thread(target=wait, daemon=True).start()
        yield cache
        if not died.wait(_END):
            raise RemoteError("the cache that was to die in mid-build was hardly asked")


def _killed(honest: Honest, store: Path) -> Verdict:
    with _dying(store) as cache:
        again = honest.again("killed", *cache.flags())
    return verdict("killed in mid-build", again, _missed)


def _killed_job(honest: Honest, store: Path) -> Verdict:
    """A job fetches little: it may end with an error, and is right once it is told to do without."""
    name = "killed in mid-job"
    with _dying(store) as cache:
        honest.builder.clean()
        try:
            honest.builder.build(HARMED, _CHAIN_ALONE, *cache.flags(), "--remote_download_minimal")
        except WorkspaceError:
            name += ", which ended with an error; again without a cache"
    return verdict(name, honest.as_it_is("killed"), _none)


def _hollow(honest: Honest, events: Path) -> Verdict:
    """Bazel takes an empty answer for the result of a test; what counts our results must not."""
    with liar(b"") as liars:
        flag = f"--build_event_json_file={events}"
        again = honest.again("empty", *liars.flags(), flag)
    believed = {spawn.label for spawn in again[0].spawns() if spawn.runner == HIT}
    with events.open(encoding="utf-8") as lines:
        failed = {name for name, result in results(lines, "the build") if result == "failed"}
    told = verdict("empty answers, of which Bazel believes a test's", again, _missed)
    if believed != failed:
        return Verdict(
            False, f"{told.text}: {sorted(believed)} were not run, {sorted(failed)} told"
        )
    return told


def _token(honest: Honest, helper: Path) -> Iterator[Verdict]:
    """A token that a helper gives for one cache is not shown to another, wherever a build is sent."""
    helper.write_text(_HELPER.format(token=_TOKEN), encoding="utf-8")
    helper.chmod(0o755)
    for name, host, expected in (
        ("the token of another host", "cache.example.com", set()),
        ("the token of this host", "127.0.0.1", {_TOKEN}),
    ):
        with liar(garbage()) as thief:
            flag = f"--credential_helper={host}={helper}"
            told = verdict(name, honest.again("token", *thief.flags(), flag), _none)
            shown = thief.answered > 0 and thief.tokens == expected
            problem = (
                "" if shown else f": shown {sorted(thief.tokens)} in {thief.answered} requests"
            )
            yield Verdict(told.passed and shown, told.text + problem)


def _mutual(honest: Honest, place: Path) -> Iterator[Verdict]:
    with grpc_cache(place) as cache:
        again = honest.again("grpc", *cache.flags(identity=True, write=True))
        yield verdict("gRPC with mutual TLS, filled", again, _none)
        again = honest.again("grpc", *cache.flags(identity=True))
        yield verdict("gRPC with mutual TLS", again, _all)
        again = honest.again("grpc", *cache.flags(identity=False))
        yield verdict("gRPC without a client certificate", again, _none)
