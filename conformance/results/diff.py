"""What changed between two runs: outcomes by permutation, grouped, and whether anything got worse."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from conformance.results.reader import BAD, Permutation, Results

SCHEMA: Final = "stock-diff/1"

_KINDS: Final = ("worse", "better", "other", "new", "gone")

# What a permutation that is not in a run has for an outcome.
ABSENT: Final = "absent"

# From best to worst. A limit that is known or declared is less than a pass, and better than a failure;
# what was not run could be anything.
_RANKS: Final = {"passed": 0, "unsupported": 1, "known_failing": 1, "not_run": 2}
_WORST: Final = 3

# So many permutations of a group are named.
_FEW: Final = 10


class Change(NamedTuple):
    """Permutations that went from one outcome to another."""

    before: str
    after: str
    permutations: tuple[Permutation, ...]

    @property
    def kind(self) -> str:
        """`worse`, `better`, `other`, `new` or `gone`.

        What is new is worse where it fails. What is gone never is: a narrower run is no worse one.
        """
        if self.after == ABSENT:
            return "gone"
        if self.before == ABSENT:
            return "worse" if self.after in BAD else "new"
        before, after = (_RANKS.get(outcome, _WORST) for outcome in (self.before, self.after))
        return "worse" if after > before else "better" if after < before else "other"


class Diff(NamedTuple):
    """All changes from a run to another, the worse first."""

    changes: tuple[Change, ...]
    # How many permutations had the same outcome in both.
    same: int

    @property
    def worse(self) -> bool:
        """Whether anything got worse."""
        return any(change.kind == "worse" for change in self.changes)


def compare(before: Results, after: Results) -> Diff:
    """The changes from `before` to `after`."""
    old = {permutation.name: permutation for permutation in before.permutations}
    new = {permutation.name: permutation for permutation in after.permutations}
    groups: defaultdict[tuple[str, str], list[Permutation]] = defaultdict(list)
    for name, permutation in (old | new).items():
        was, now = (table[name].outcome if name in table else ABSENT for table in (old, new))
        groups[was, now].append(permutation)
    same = sum(len(group) for (was, now), group in groups.items() if was == now)
    changes = [Change(*key, tuple(group)) for key, group in groups.items() if key[0] != key[1]]
    changes.sort(key=lambda change: (_KINDS.index(change.kind), -len(change.permutations)))
    return Diff(tuple(changes), same)


def describe(diff: Diff) -> Iterator[str]:
    """The diff as lines for a person."""
    if not diff.changes:
        yield f"nothing changed: {_count(diff.same)}"
        return
    for change in diff.changes:
        yield f"{change.kind}: {_count(len(change.permutations))}, {change.before} -> {change.after}"
        yield from (f"  {line}" for line in _grouped(change.permutations))
    yield f"same: {_count(diff.same)}"


def to_json(diff: Diff) -> dict[str, Any]:
    """The diff as data: `worse` is what the exit code says."""
    return {
        "schema": SCHEMA,
        "worse": diff.worse,
        "same": diff.same,
        "changes": [
            {
                "before": change.before,
                "after": change.after,
                "kind": change.kind,
                "permutations": [_entry(permutation) for permutation in change.permutations],
            }
            for change in diff.changes
        ],
    }


def _entry(permutation: Permutation) -> dict[str, str]:
    entry = {"name": permutation.name, "reproduce": permutation.reproduce}
    return entry | ({"reason": permutation.reason} if permutation.reason else {})


def _grouped(permutations: Sequence[Permutation]) -> Iterator[str]:
    """A line a case or a line a pair, whichever are fewer; each with its first reason."""
    by_case = _groups((f"case={p.case}", p) for p in permutations)
    by_pair = _groups((f"client={p.client}/server={p.server}", p) for p in permutations)
    groups = min(by_case, by_pair, key=len)
    for name, group in [*groups.items()][:_FEW]:
        first = group[0]
        what = first.name if len(group) == 1 else f"{name}: {_count(len(group))}"
        yield f"{what}{f' ({first.reason})' if first.reason else ''}"
    if len(groups) > _FEW:
        yield f"... and {len(groups) - _FEW} more"


def _groups(named: Iterable[tuple[str, Permutation]]) -> dict[str, list[Permutation]]:
    groups: defaultdict[str, list[Permutation]] = defaultdict(list)
    for name, permutation in named:
        groups[name].append(permutation)
    return groups


def _count(number: int) -> str:
    return f"{number} permutation{'' if number == 1 else 's'}"
