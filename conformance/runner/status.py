"""Writes docs/status.md: its introduction, and what a run of the whole matrix says.

./bazelw run //conformance:status -- RESULTS.json
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from conformance.certs.keys import KEY_TYPES
from conformance.results.reader import (
    BAD,
    OUTCOMES,
    RUNNER,
    Permutation,
    Program,
    Results,
    ResultsError,
    read,
)
from conformance.runner.known_failing import Entry
from conformance.runner.written import Matrix, PageError, introduction, matrix, write

PATH: Final = "docs/status.md"

# How a cell tells of what did not pass and is no failure.
_LETTERS: Final = {"known_failing": "k", "unsupported": "u", "not_run": "n"}
_TOLD: Final = ("library", "runtime", "transport", "tls_stack")
_MOST_FAILURES: Final = 50


def page(beginning: str, results: Results, tree: Matrix) -> str:
    """The whole page. PageError where the run was not of the whole matrix, or of more than it."""
    ran = {p.server for p in results.permutations} | {p.client for p in results.permutations}
    if ran - {RUNNER} != set(tree.languages):
        raise PageError(
            f"expected a run of {', '.join(sorted(tree.languages))}; "
            f"got one of {', '.join(sorted(ran - {RUNNER}))}"
        )
    return "\n".join(
        [
            beginning.rstrip(),
            *_run(results),
            *_failures(results),
            *_programs(results.programs),
            *_tables(results.permutations),
            *_known(results.permutations, tree.known),
            *_unsupported(results),
            *_not_run(results),
            "",
        ]
    )


def _run(results: Results) -> Iterator[str]:
    counts = Counter(p.outcome for p in results.permutations)
    told = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in OUTCOMES if counts[outcome])
    machine = results.environment
    cores = f"{machine['cores']} cores" if "cores" in machine else ""
    about = (machine.get("system", ""), machine.get("machine", ""), cores, machine.get("runner"))
    yield from ("", "## The run", "")
    yield (
        f"Profile `{results.profile}`, started {results.started[:16].replace('T', ' ')} UTC on "
        f"{', '.join(filter(None, about))}: **{'passed' if results.passed else 'failed'}**."
    )
    yield ""
    yield f"{len(results.permutations):,} permutations: {told}."
    wall, floor = results.waterfall.wall, results.waterfall.floor
    yield (
        f"They took {wall:.0f} s; no fewer than {floor:.0f} s could be had of these programs there."
    )


def _failures(results: Results) -> Iterator[str]:
    bad = [p for p in results.permutations if p.bad]
    if results.complaints:
        yield from ("", "## Why it failed", "")
        yield from (f"- {_cell(complaint)}" for complaint in results.complaints)
        yield from (f"- `{p.name}`: {p.outcome}, {_cell(p.reason)}" for p in bad[:_MOST_FAILURES])
    if len(bad) > _MOST_FAILURES:
        yield f"- and {len(bad) - _MOST_FAILURES} more"


def _programs(programs: Iterable[Program]) -> Iterator[str]:
    yield from ("", "## Languages", "")
    yield "| language | role | library | runtime | HTTP/2 | TLS | start |"
    yield "|---|---|---|---|---|---|---|"
    told: defaultdict[tuple[str, ...], list[Program]] = defaultdict(list)
    for program in sorted(programs, key=lambda one: one.language):
        described = [program.described.get(name, "") for name in _TOLD]
        told[program.language, *described].append(program)
    for (language, *described), found in told.items():
        roles = " and ".join(sorted(program.role for program in found))
        starts = ", ".join(
            f"{program.role} {max(program.starts):.1f} s" for program in found if program.starts
        )
        yield _row(language, roles, *described, starts)


def _tables(permutations: Sequence[Permutation]) -> Iterator[str]:
    yield from ("", "## Every client against every server", "")
    yield (
        "A row for each client, a column for each server; how many permutations passed. "
        "`k` are known failures, `u` unsupported, `n` not run; what fails is in bold. "
        f"`{RUNNER}` is the runner's own client."
    )
    for security in dict.fromkeys(p.security for p in permutations):
        mine = [p for p in permutations if p.security == security]
        types = [t for t in ("none", *KEY_TYPES) if any(p.key_type == t for p in mine)]
        keys = "" if types == ["none"] else f", {', '.join(types)}"
        yield from ("", f"### {security}{keys}", "", *_table(mine))


def _table(permutations: Iterable[Permutation]) -> Iterator[str]:
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for p in permutations:
        counts[p.client, p.server][p.outcome] += 1
    servers = sorted({server for _, server in counts})
    # The runner's own client is none of the languages.
    clients = sorted({client for client, _ in counts}, key=lambda name: (name == RUNNER, name))
    yield _row("client \\ server", *servers)
    yield "|---" * (len(servers) + 1) + "|"
    for client in clients:
        yield _row(client, *(_outcomes(counts.get((client, server))) for server in servers))


def _outcomes(counts: Counter[str] | None) -> str:
    if counts is None:
        return "-"
    parts = [str(counts["passed"])]
    parts += [f"{counts[name]}{letter}" for name, letter in _LETTERS.items() if counts[name]]
    parts += [f"**{counts[name]} {name}**" for name in OUTCOMES if name in BAD and counts[name]]
    return " ".join(parts)


def _known(permutations: Iterable[Permutation], known: Iterable[Entry]) -> Iterator[str]:
    """Every known failure of the tree, by language, with how often the run met it."""
    met: Counter[Entry | None] = Counter()
    entries = [*known]
    for p in permutations:
        if p.outcome == "known_failing":
            names = (p.client, p.server, p.security, p.key_type, p.case)
            met[next((entry for entry in entries if entry.match.matches(names)), None)] += 1
    yield from ("", "## Known failures", "")
    yield (
        "What a library cannot do, by language. Each must stay true: one that passes, matches "
        "nothing or has expired fails the run."
    )
    for language in sorted({entry.language for entry in entries}):
        yield from ("", f"### {language}", "")
        for entry in entries:
            if entry.language == language:
                times = {0: "not met in this run", 1: "once"}.get(met[entry], f"{met[entry]} times")
                yield (
                    f"- `{entry.match}` ({times}, until {entry.expires}): {entry.reason}. "
                    f"Source: {entry.reference}."
                )
    if met[None]:
        raise PageError(f"{met[None]} known failures of the run stand in no list of the tree")


def _unsupported(results: Results) -> Iterator[str]:
    """What a program does not claim and others of its role do, with how often the run asked for it."""
    claimed = {
        role: dict.fromkeys(a for p in results.programs if p.role == role for a in p.supports)
        for role in ("client", "server")
    }
    asked = Counter(
        p.reason.partition(" is not claimed")[0]
        for p in results.permutations
        if p.outcome == "unsupported"
    )
    yield from ("", "## Unsupported abilities", "")
    yield (
        "What a program does not claim and another of its role does. Each was asked for it all the "
        "same as often as the number says, and answered as a program without it must."
    )
    yield from ("", "| language | role | ability |", "|---|---|---|")
    for program in sorted(results.programs, key=lambda one: (one.language, one.role)):
        who = f"{program.language} {program.role}"
        absent = [a for a in claimed[program.role] if a not in program.supports]
        cells = [f"{ability} ({asked[f'{ability} by the {who}']})" for ability in sorted(absent)]
        if cells:
            yield _row(program.language, program.role, ", ".join(cells))


def _not_run(results: Results) -> Iterator[str]:
    yield from ("", "## What was not run", "")
    yield from (f"- {name}: {_cell(reason)}" for name, reason in sorted(results.missing.items()))
    reasons = Counter(p.reason for p in results.permutations if p.outcome == "not_run")
    yield from (f"- {count} permutations: {_cell(why)}" for why, count in reasons.most_common())
    if absent := [t for t in KEY_TYPES if all(p.key_type != t for p in results.permutations)]:
        yield (
            f"- Key types {', '.join(absent)}: no config of the profile `{results.profile}` has them."
        )
    yield (
        "- Every case in every config: profiles spread those that do not depend on the connection "
        "over the configs ([ADR 13](adr/0013-spread-cases.md)), and those that cost much over the "
        "pairs too ([ADR 21](adr/0021-costly-cases.md))."
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Writes the page; 1 where the results do not make one, 2 where not one file is given."""

    def make(paths: list[Path]) -> str:
        if len(paths) > 1:
            raise PageError(f"expected the results of one run, got {len(paths)} files")
        try:
            return page(introduction("status.md"), read(paths[0]), matrix())
        except ResultsError as error:
            raise PageError(str(error)) from error

    return write(PATH, argv, environ, make)
