"""What remote execution costs: simulates a measured build, and the full matrix of more languages, on workers."""

import argparse
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


def plan(options: argparse.Namespace) -> Iterator[str]:
    """The pages of the plan, line by line. Raises OSError, ValueError."""
    actions = [
        action._replace(seconds=action.seconds / options.slower) for action in _read(options.logs)
    ]
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


def main(argv: Sequence[str], out: TextIO) -> int:
    """0, 1 where a log cannot be read, told why; 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="tools/remote/plan", description=__doc__)
    parser.add_argument("logs", nargs="+", type=Path, metavar="LOG", help="execution logs, JSON")
    parser.add_argument("--workers", type=_numbers, default=[1, 2, 10, 100], help="1,2,10,100")
    parser.add_argument("--languages", type=int, default=19)
    parser.add_argument(
        "--factor", type=float, default=1.0, help="permutations, as times of those measured"
    )
    parser.add_argument(
        "--start", type=float, default=0.0, help="seconds of a test that are not its permutations'"
    )
    parser.add_argument(
        "--slower", type=float, default=1.0, help="how many times slower the measuring machine was"
    )
    parser.add_argument("--each", type=float, default=1.0, help="seconds around each action")
    parser.add_argument("--bandwidth", type=float, default=100.0, help="of a worker, in MB/s")
    options = parser.parse_args(argv)
    try:
        for line in plan(options):
            print(line, file=out)
    except (OSError, ValueError) as failure:
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
