"""Renders where a run's time went: phases, starts, channels, CPU, and wall / floor."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from conformance.runner.plan import RUNNER
from conformance.runner.timeline import PHASES, Timeline

_WIDTH: Final = 40
_SLOWEST: Final = 3


def waterfall(timeline: Timeline) -> list[str]:
    """The lines that end a report."""
    return [
        f"wall {timeline.wall:.2f} s, floor {timeline.floor:.2f} s, "
        f"wall / floor {timeline.efficiency:.2f}",
        *_phases(timeline),
        f"  starts    {_slowest(_worst(timeline.starts))}",
        f"  channels  {_slowest(timeline.channels)}",
        f"  cpu       {_cpu(timeline.cpu)}",
    ]


def runner_share(cpu: Mapping[str, float]) -> float:
    """The runner's part of all CPU time, 0 to 1."""
    return cpu.get(RUNNER, 0.0) / (sum(cpu.values()) or 1.0)


def _phases(timeline: Timeline) -> Iterator[str]:
    offset = 0.0
    wall = timeline.wall or 1.0
    for phase in PHASES:
        seconds = timeline.seconds[phase]
        start, end = (round(at / wall * _WIDTH) for at in (offset, offset + seconds))
        bar = (" " * start + "#" * (end - start)).ljust(_WIDTH)
        yield f"  {phase:<9} {seconds:6.2f} s |{bar}|"
        offset += seconds


def _worst(starts: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: max(seconds) for name, seconds in starts.items() if seconds}


def _slowest(seconds: Mapping[str, float]) -> str:
    return _list(sorted(seconds.items(), key=lambda item: -item[1])[:_SLOWEST], len(seconds))


def _list(items: Iterable[tuple[str, float]], total: int) -> str:
    shown = [f"{name} {seconds * 1000:.0f} ms" for name, seconds in items]
    more = [f"{total - len(shown)} faster"] if total > len(shown) else []
    return ", ".join([*shown, *more]) or "none"


def _cpu(cpu: Mapping[str, float]) -> str:
    parts = [f"{name} {seconds:.2f} s" for name, seconds in cpu.items()]
    return f"{', '.join(parts)}; the runner's share {runner_share(cpu):.0%}"
