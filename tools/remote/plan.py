"""What remote execution costs: simulates a measured build, and the full matrix of more languages, on workers."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from tools.remote.graph import Action, graph
from tools.remote.grown import Growth, error, grown, measured
from tools.remote.schedule import Costs, critical_path, simulate
from tools.remote.traffic import megabytes

_SHOWN = 12


def uploaded(actions: Sequence[Action]) -> int:
    """Bytes that the machine that asks has to upload: what is read and made by no action."""
    made = {digest for action in actions for digest in action.outputs}
    read = {digest: size for action in actions for digest, size in action.inputs.items()}
    return sum(size for digest, size in read.items() if digest not in made)


def table(actions: Sequence[Action], workers: Iterable[int], costs: Costs) -> Iterator[str]:
    """The simulation's outcomes, as rows of Markdown."""
    yield "| workers | minutes | machine-minutes | busy | fetched by workers |"
    yield "|---:|---:|---:|---:|---:|"
    for number in workers:
        came = simulate(actions, number, costs)
        share = came.busy / (came.wall * number) if came.wall else 0.0
        minutes = f"{came.wall / 60:.1f} | {came.busy / 60:.0f} | {100 * share:.0f} %"
        yield f"| {number} | {minutes} | {megabytes(came.fetched)} |"


def told(title: str, actions: Sequence[Action], options: argparse.Namespace) -> Iterator[str]:
    """What is known of a build: its sums, the simulations, and the longest way."""
    costs = Costs(options.each, options.bandwidth * 1e6)
    work = sum(action.seconds for action in actions)
    tests = sum(action.seconds for action in actions if action.pair)
    path = critical_path(actions, costs)
    length = sum(actions[place].seconds + costs.each for place in path)
    yield f"{title}: {len(actions)} actions, {work / 60:.1f} minutes of work, {tests / 60:.1f} of them tests of pairs"
    yield f"uploaded once: {megabytes(uploaded(actions))}; longest way: {length / 60:.1f} minutes"
    yield from table(actions, options.workers, costs)
    came = simulate(actions, options.workers[-1], costs)
    yield f"what ended last with {options.workers[-1]} workers:"
    chain = sorted(came.chain, key=lambda place: -actions[place].seconds)[:_SHOWN]
    for place in sorted(chain):
        yield f"  {actions[place].seconds:7.1f} s  {actions[place].mnemonic} of {actions[place].label}"


def _read(paths: Sequence[Path]) -> list[Action]:
    """The actions of logs, as if they were of one build."""
    lines: list[str] = []
    for path in paths:
        with path.open(encoding="utf-8") as file:
            lines += file
    return graph(lines)


def floors(folders: Iterable[Path]) -> dict[tuple[str, str], float]:
    """Seconds that tests of pairs would have taken on a machine that does nothing else, by their own reports.

    A folder has one for each pair, as Bazel leaves them. Raises OSError, ValueError.
    """
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("*_*/test.outputs/results.json")):
            client, _, server = path.parts[-3].partition("_")
            told = json.loads(path.read_text("utf-8"))["waterfall"]
            found[client, server] = float(told["floor_seconds"])
    return found


def idle(actions: Iterable[Action], options: argparse.Namespace) -> list[Action]:
    """The actions as a machine would have run them that does nothing else. Raises OSError, ValueError."""
    known = floors(options.tests)

    def seconds(action: Action) -> float:
        if action.mnemonic in options.cached:
            return 0.0
        if action.pair in known:
            return known[action.pair]
        return action.seconds / float(options.slower)

    return [action._replace(seconds=seconds(action)) for action in actions]


def plan(options: argparse.Namespace) -> Iterator[str]:
    """The pages of the plan, line by line. Raises OSError, ValueError."""
    actions = idle(_read(options.logs), options)
    yield from told("measured", actions, options)
    found = measured(actions)
    if not found.tests:
        return
    wrong = error(found.tests)
    yield ""
    yield (
        f"tests of pairs measured: {len(found.tests)}; an estimate of a pair by its languages' own is "
        + (f"{100 * wrong:.0f} % off" if wrong is not None else "of unknown quality")
    )
    growth = Growth(options.languages, options.start, options.factor)
    yield from told(f"{options.languages} languages", grown(found, growth), options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools/remote/plan", description=__doc__)
    parser.add_argument("logs", nargs="+", type=Path, metavar="LOG", help="execution logs, JSON")
    parser.add_argument("--workers", type=_numbers, default=[1, 2, 10, 20, 100], help="1,2,10")
    parser.add_argument("--languages", type=int, default=19)
    for name, default, meaning in (
        ("factor", 1.0, "permutations, as times of those measured"),
        ("start", 0.0, "seconds of a test that are not its permutations'"),
        ("slower", 1.0, "how many times slower the measuring machine was than an idle one"),
        ("each", 1.0, "seconds around each action"),
        ("bandwidth", 100.0, "of a worker, in MB/s"),
    ):
        parser.add_argument(f"--{name}", type=float, default=default, help=meaning)
    for name, kind, metavar, meaning in (
        ("tests", Path, "FOLDER", "bazel-testlogs/conformance: pairs take their reports' floor"),
        ("cached", str, "MNEMONIC", "kind of action whose results a cache has"),
    ):
        parser.add_argument(
            f"--{name}", type=kind, action="append", default=[], metavar=metavar, help=meaning
        )
    return parser


def main(argv: Sequence[str], out: TextIO) -> int:
    """0, 1 where a log cannot be read, told why; 2 for a wrong command line."""
    options = _parser().parse_args(argv)
    try:
        for line in plan(options):
            print(line, file=out)
    except (OSError, ValueError, KeyError) as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    return 0


def _numbers(text: str) -> list[int]:
    numbers = [int(word) for word in text.split(",")]
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError(f"{text}: workers are one or more")
    return numbers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
