"""Brings Debian's Bazel up in a prefix: `python3 -m tools.bazel.prefix.bringup PREFIX`.

The prefix is complete or absent: it is built beside its place, under a lock, and renamed last.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from tools.bazel.prefix import layout
from tools.bazel.prefix.apt import Apt
from tools.bazel.prefix.bazelrc import bazelrc
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.lock import locked
from tools.bazel.prefix.modules import write_stubs
from tools.bazel.prefix.packages import (
    Choice,
    choose,
    describe,
    format_lock,
    parse_index,
    parse_lock,
)
from tools.bazel.prefix.process import run
from tools.bazel.prefix.relocate import relocate

# Bazel's own code for trouble of the machine that trying again does not cure.
EXIT_ENVIRONMENT = 36
_EXIT_INTERRUPTED = 130

_LOCK_DEADLINE = 3600
_UNPACK_DEADLINE = 300.0
_STEPS = 5
_MEGABYTE = 1_000_000


def say(text: str) -> None:
    """One line for the user; standard output belongs to Bazel."""
    print(f"bazelw: {text}", file=sys.stderr, flush=True)


@contextmanager
def step(number: int, what: str) -> Iterator[None]:
    """Says that a step begins and how long it took."""
    print(f"bazelw: {number}/{_STEPS} {what} ...", end="", file=sys.stderr, flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", file=sys.stderr, flush=True)
        raise
    print(f" {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)


def bring_up(prefix: Path, strict: bool) -> None:
    """Makes `prefix`, whose folder the caller has locked; raises BringupError or OSError."""
    work = prefix.parent / "work"
    building = prefix.parent / "building"
    archives = work / "debs"
    remove(building)
    archives.mkdir(parents=True, exist_ok=True)
    try:
        apt = Apt(work)
        choice = select(apt, strict)
        size = sum(package.size for package in choice.packages) / _MEGABYTE
        with step(2, f"download {len(choice.packages)} packages, {size:.0f} MB"):
            files = apt.download(choice.packages, archives)
        with step(3, "unpack"):
            unpack(files, building)
        with step(4, "relocate"):
            relocate(building, prefix)
            write_stubs(building)
            describe_prefix(building, prefix, choice)
        with step(5, "check"):
            check(building)
            os.sync()
            building.rename(prefix)
    except (BringupError, OSError):
        # Not on an interruption: what is downloaded and verified serves the next start.
        remove(work)
        raise
    finally:
        remove(building)
    remove(work)


def remove(folder: Path) -> None:
    """Removes `folder` and all in it, if it exists."""
    if folder.exists():
        shutil.rmtree(folder)


def select(apt: Apt, strict: bool) -> Choice:
    """The packages to take by the lock and the suite's index; warns of superseded ones."""
    locked_packages = parse_lock(Path(__file__).with_name("packages.lock").read_text())
    with step(1, "package index"):
        apt.update()
        index = parse_index(apt.show([package.name for package in locked_packages]))
        choice = choose(locked_packages, index, strict)
    if choice.superseded:
        say(f"warning: superseded, taken by the signed index: {describe(choice.superseded)}")
    return choice


def unpack(files: Sequence[Path], root: Path) -> None:
    """Unpacks the package files into `root`, several at a time."""
    root.mkdir()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        commands = [["dpkg-deb", "--extract", str(file), str(root)] for file in files]
        running = [pool.submit(run, command, _UNPACK_DEADLINE) for command in commands]
        try:
            for done in as_completed(running):
                done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def describe_prefix(root: Path, home: Path, choice: Choice) -> None:
    """Writes the rc file, the list of packages, and a mark if some are not the locked ones."""
    (root / layout.BAZELRC).write_text(bazelrc(home, home.parent / "output"))
    (root / layout.PACKAGES).write_text(
        format_lock(choice.packages, "The packages of this prefix.")
    )
    if choice.superseded:
        (root / layout.SUPERSEDED).write_text(describe(choice.superseded) + "\n")


def check(root: Path) -> None:
    """Raises BringupError unless the client under `root` starts and is of the wanted version."""
    expected = f"bazel {Path(__file__).parents[3].joinpath('.bazelversion').read_text().strip()}"
    loader = [str(root / layout.LOADER), "--library-path", str(root / layout.LIBRARIES)]
    flags = [f"--install_base={root / layout.INSTALL_BASE}", "--trust_install_base", "--version"]
    answer = run([*loader, str(root / layout.BAZEL), *flags], 60.0).strip()
    if answer != expected:
        raise BringupError(f"the packages hold {answer!r}, .bazelversion wants {expected!r}")


def main(argv: Sequence[str]) -> int:
    """Exit code 0 with the prefix complete, else 36 after one line that says why."""
    prefix = Path(argv[0])
    strict = os.environ.get("STOCK_STRICT") == "1"
    start = time.monotonic()
    try:
        with locked(
            prefix.parent / "lock", _LOCK_DEADLINE, lambda: say("waiting for another start to end")
        ):
            if not prefix.exists():
                say(f"bringing up Debian's Bazel in {prefix}")
                bring_up(prefix, strict)
                say(f"Bazel is up after {time.monotonic() - start:.0f} s")
    except BringupError as error:
        say(f"error: {error}")
        return EXIT_ENVIRONMENT
    except OSError as error:
        say(f"error: {error.strerror}: {error.filename}" if error.filename else f"error: {error}")
        return EXIT_ENVIRONMENT
    except KeyboardInterrupt:
        say("interrupted")
        return _EXIT_INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
