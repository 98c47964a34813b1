"""How long a build takes with a number of workers: list scheduling, the longest way to the end first."""

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from tools.remote.graph import Action


class Costs(NamedTuple):
    """What an action costs besides its work: seconds for each, and how fast a worker fetches, in bytes a second."""

    each: float = 1.0
    bandwidth: float = 100e6


class Outcome(NamedTuple):
    """What a simulation came to: seconds of the clock, seconds that workers were busy, and bytes they fetched.

    `chain` has the places of the actions that ended last: each began when the one before it ended, since it waited
    for it or for its worker.
    """

    wall: float
    busy: float
    fetched: int
    chain: Sequence[int]


def followers(actions: Sequence[Action]) -> list[list[int]]:
    """For each action the places of those that wait for it."""
    found: list[list[int]] = [[] for _ in actions]
    for place, action in enumerate(actions):
        for before in action.after:
            found[before].append(place)
    return found


def longest_ways(actions: Sequence[Action], costs: Costs) -> list[float]:
    """For each action the seconds from its beginning to the end of all that waits for it, by the longest way."""
    ways = [action.seconds + costs.each for action in actions]
    # An action comes after those that it waits for.
    for place in range(len(actions) - 1, -1, -1):
        for before in actions[place].after:
            ways[before] = max(ways[before], actions[before].seconds + costs.each + ways[place])
    return ways


def critical_path(actions: Sequence[Action], costs: Costs) -> list[int]:
    """The places of the actions of the longest way: what no number of workers makes shorter."""
    ways = longest_ways(actions, costs)
    waiting = followers(actions)
    path: list[int] = []
    candidates = list(range(len(actions)))
    while candidates:
        path.append(max(candidates, key=ways.__getitem__))
        candidates = waiting[path[-1]]
    return path


def simulate(actions: Sequence[Action], workers: int, costs: Costs) -> Outcome:
    """Runs actions on so many workers, each of which does one at a time and keeps what it has fetched."""
    return _Simulation(actions, workers, costs).run()


class _Simulation:
    def __init__(self, actions: Sequence[Action], workers: int, costs: Costs) -> None:
        self._actions, self._costs = actions, costs
        ways = longest_ways(actions, costs)
        self._urgency = [-way for way in ways]
        self._followers = followers(actions)
        self._missing = [len(action.after) for action in actions]
        self._ready = [
            (self._urgency[place], place)
            for place, number in enumerate(self._missing)
            if not number
        ]
        heapq.heapify(self._ready)
        self._free = list(range(workers))
        self._kept: list[set[str]] = [set() for _ in range(workers)]
        # When it ends, the action, its worker.
        self._running: list[tuple[float, int, int]] = []
        self._cause: list[int | None] = [None] * len(actions)
        self._busy = 0.0
        self._fetched = 0

    def run(self) -> Outcome:
        now = 0.0
        ended: int | None = None
        while self._ready or self._running:
            while self._ready and self._free:
                _, place = heapq.heappop(self._ready)
                self._cause[place] = ended
                self._start(place, self._free.pop(), now)
            now, ended, worker = heapq.heappop(self._running)
            self._free.append(worker)
            self._release(ended)
        return Outcome(now, self._busy, self._fetched, self._chain(ended))

    def _start(self, place: int, worker: int, now: float) -> None:
        action, kept = self._actions[place], self._kept[worker]
        size = sum(size for digest, size in action.inputs.items() if digest not in kept)
        kept.update(action.inputs, action.outputs)
        spent = action.seconds + self._costs.each + size / self._costs.bandwidth
        self._fetched += size
        self._busy += spent
        heapq.heappush(self._running, (now + spent, place, worker))

    def _release(self, ended: int) -> None:
        for place in self._followers[ended]:
            self._missing[place] -= 1
            if not self._missing[place]:
                heapq.heappush(self._ready, (self._urgency[place], place))

    def _chain(self, last: int | None) -> list[int]:
        chain: list[int] = []
        while last is not None:
            chain.append(last)
            last = self._cause[last]
        return chain[::-1]
