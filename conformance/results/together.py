"""Says what failed together, in plain sentences: the case, the server, the client, or the pair."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final, NamedTuple

from conformance.results.reader import RUNNER, Permutation, Program, Results

# So many cases are named in a sentence.
_FEW: Final = 4
# A share of peers above this is worth a sentence of its own; a half may be chance.
_MOST: Final = 0.6

_FAMILIES: Final = (
    ("library", "library"),
    ("transport", "HTTP/2 transport"),
    ("tls_stack", "TLS stack"),
)

Pair = tuple[str, str]
# Field of Hello, language and role, what it is.
Families = Mapping[tuple[str, str, str], str]


class Finding(NamedTuple):
    """Failures with one thing in common."""

    # `case`, `server`, `client` or `pair`: where to look.
    kind: str
    sentence: str
    # What the failures are among; of each kind one must match.
    clients: tuple[str, ...]
    servers: tuple[str, ...]
    cases: tuple[str, ...]
    # How many permutations.
    failures: int


class _Shape(NamedTuple):
    """What failures of different cases must share to be told in one sentence."""

    kind: str
    # Empty where they are many.
    client: str
    server: str
    # Who was at the other end, in words.
    peers: str
    # What configs they are confined to, in words; empty where they are not.
    configs: str


_Groups = defaultdict[_Shape, list[Permutation]]


def together(results: Results) -> list[Finding]:
    """The findings of a run, those with most failures first; empty where nothing failed."""
    families = _families(results.programs)
    ran: defaultdict[str, defaultdict[Pair, list[Permutation]]] = defaultdict(
        lambda: defaultdict(list)
    )
    failed = {permutation.case for permutation in results.permutations if permutation.bad}
    for permutation in results.permutations:
        if permutation.case in failed and permutation.outcome != "not_run":
            ran[permutation.case][permutation.client, permutation.server].append(permutation)
    groups: _Groups = defaultdict(list)
    for pairs in ran.values():
        _group(pairs, families, groups)
    found = [_finding(shape, bad) for shape, bad in groups.items()]
    return sorted(found, key=lambda finding: -finding.failures)


def _families(programs: Iterable[Program]) -> Families:
    return {
        (field, program.language, program.role): program.described.get(field, "")
        for program in programs
        for field, _ in _FAMILIES
    }


def _group(
    pairs: Mapping[Pair, Sequence[Permutation]], families: Families, groups: _Groups
) -> None:
    """Puts the failures of one case where they belong: each failing pair is told once."""
    left = {pair for pair, ran in pairs.items() if any(p.bad for p in ran)}
    for kind, client, server, peers, chosen in _shared(left, pairs.keys(), families):
        among = [p for pair in chosen for p in pairs[pair]]
        bad = [p for p in among if p.bad]
        groups[_Shape(kind, client, server, peers, _configs(bad, among))] += bad


def _shared(
    failing: Set[Pair], present: Set[Pair], families: Families
) -> Iterator[tuple[str, str, str, str, list[Pair]]]:
    """What failing pairs have in common: kind, client, server, peers in words, and the pairs."""
    clients, servers = ({pair[i] for pair in present} for i in (0, 1))
    if failing == present and len(servers) > 1 and (len(clients) > 1 or clients == {RUNNER}):
        yield "case", "", "", "", sorted(failing)
        return
    left = set(failing)
    for kind, own, other, others in (
        ("server", 1, "client", clients),
        ("client", 0, "server", servers),
    ):
        for name in sorted({pair[own] for pair in left}):
            chosen = {pair for pair in left if pair[own] == name}
            peers = _peers({pair[1 - own] for pair in chosen}, others, other, families)
            if peers:
                who = ("", name) if own else (name, "")
                yield kind, *who, peers, sorted(chosen)
                left -= chosen
    for pair in sorted(left):
        yield "pair", *pair, "", [pair]


def _peers(failing: Set[str], present: Set[str], role: str, families: Families) -> str:
    """Failing peers in words if they are all, a family, or most of those present; else empty."""
    if failing == {RUNNER}:
        return "the runner's own client"
    if len(failing) < 2:
        return ""
    if failing == present:
        return f"every {role}"
    for field, told in _FAMILIES:
        for value in sorted({families.get((field, name, role), "") for name in failing} - {""}):
            if failing == {n for n in present if families.get((field, n, role)) == value}:
                return f"every {role} whose {told} is {value} ({_listed(sorted(failing))})"
    return f"most {role}s" if len(failing) > max(2, _MOST * len(present)) else ""


def _configs(bad: Iterable[Permutation], among: Sequence[Permutation]) -> str:
    """What securities and key types the failures are confined to; empty where they are not."""
    securities = dict.fromkeys(p.security for p in bad)
    parts = []
    if len(securities) < len({p.security for p in among}):
        parts.append(f"under {_listed([*securities])}")
    types = dict.fromkeys(p.key_type for p in bad)
    if len(types) < len({p.key_type for p in among if p.security in securities}):
        parts.append(f"with {_listed([*types])}")
    return f"Only {' and '.join(parts)}." if parts else ""


def _finding(shape: _Shape, bad: Sequence[Permutation]) -> Finding:
    clients, servers, cases = (
        tuple(dict.fromkeys(getattr(p, field) for p in bad))
        for field in ("client", "server", "case")
    )
    sentence = f"{_subject(shape, len(cases))}: {_listed(cases, _FEW)}."
    if shape.kind == "case":
        sentence += " Look at the case, or at what all implementations share."
    told = f"{sentence} {shape.configs}".rstrip()
    return Finding(shape.kind, told, clients, servers, cases, len(bad))


def _subject(shape: _Shape, cases: int) -> str:
    count = f"{cases} case{'' if cases == 1 else 's'}"
    if shape.kind == "case":
        return f"{count} fail{'s' if cases == 1 else ''} in every pair"
    if shape.kind == "pair":
        return f"The {shape.client} client with the {shape.server} server fails {count}"
    who = f"{shape.client} client" if shape.client else f"{shape.server} server"
    return f"The {who} fails {count} with {shape.peers}"


def _listed(names: Sequence[str], most: int = 12) -> str:
    """`a`, `a and b`, `a, b and 3 more`."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
