"""Writes docs/guide/certificates.md: its introduction, and what the runs of the matrix say of key types.

./bazelw run //conformance:certificates -- RESULTS.json...    (of `--profile=full`; together they may be one run)
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.certs.keys import KEY_TYPES
from conformance.runner.known_failing import Entry
from conformance.runner.written import PageError, introduction, matrix, write

PATH: Final = "docs/guide/certificates.md"

# The case that tells whether a connection comes about at all.
HANDSHAKE: Final = "tls_handshake"
SUITES: Final = ("tls", "refusals")
SECURITIES: Final = ("tls", "mtls")

# Why a TLS stack refuses a key type, with the source. A refusal that stands here nowhere is an error.
CAUSES: Final = {
    ("boringssl", "p521"): (
        "BoringSSL signs with P-521, but by default neither offers nor accepts its signatures: "
        "it can show such a certificate, and verify none",
        "BoringSSL, ssl/extensions.cc, kVerifySignatureAlgorithms; the matrix: a server in tls passes, "
        "as it verifies nothing, and a client, or a server in mtls, fails",
    ),
}


class Stack(NamedTuple):
    """A program and its TLS."""

    language: str
    role: str
    tls_stack: str
    library: str
    runtime: str


class Seen(NamedTuple):
    """What some runs have seen, taken together."""

    dates: tuple[str, ...]
    stacks: tuple[Stack, ...]
    permutations: tuple[dict[str, Any], ...]

    def peers(self, stack: Stack, key_type: str, security: str) -> tuple[int, int]:
        """With how many peers a handshake came about, and of how many."""
        mine = [
            p
            for p in self.permutations
            if p["case"] == HANDSHAKE
            and (p[stack.role], p["key_type"], p["security"])
            == (stack.language, key_type, security)
        ]
        return sum(p["outcome"] == "passed" for p in mine), len(mine)


def seen(results: Sequence[dict[str, Any]]) -> Seen:
    """Puts runs together."""
    stacks = {
        (p["language"], p["role"]): Stack(
            p["language"], p["role"], *(p.get(n, "") for n in ("tls_stack", "library", "runtime"))
        )
        for run in results
        for p in run["programs"]
    }
    dates = sorted({run["started"][:10] for run in results})
    found = (p for run in results for p in run["permutations"] if p["suite"] in SUITES)
    return Seen(tuple(dates), tuple(stacks.values()), tuple(found))


def page(beginning: str, of: Seen, known: Sequence[Entry]) -> str:
    """The whole page. PageError where a failure has no known cause."""
    lines = [beginning.rstrip(), "", *_table(of), *_refused(of), *_known(of, known)]
    if bad := [p for p in of.permutations if p["outcome"] not in _EXPLAINED]:
        raise PageError(f"{len(bad)} are neither passed nor explained, first {bad[0]['name']}")
    return "\n".join(lines)


_EXPLAINED: Final = ("passed", "known_failing", "unsupported")


def _table(of: Seen) -> Iterator[str]:
    yield "## Key type, TLS stack and role"
    yield ""
    yield f"Run on {', '.join(of.dates)}. With how many peers a connection came about, in tls and in mtls."
    yield ""
    yield f"| language | role | TLS stack | library, runtime | {' | '.join(KEY_TYPES)} |"
    yield "|---" * (4 + len(KEY_TYPES)) + "|"
    for stack in sorted(of.stacks):
        cells = [_cell(of, stack, key_type) for key_type in KEY_TYPES]
        about = f"{stack.library}, {stack.runtime}"
        row = (stack.language, stack.role, stack.tls_stack, about, *cells)
        yield f"| {' | '.join(row)} |"
    yield ""


def _cell(of: Seen, stack: Stack, key_type: str) -> str:
    counts = [of.peers(stack, key_type, security) for security in SECURITIES]
    if not all(of_all for _, of_all in counts):
        raise PageError(f"no {HANDSHAKE} of the {stack.language} {stack.role} with {key_type}")
    text = ", ".join(f"{passed}/{of_all}" for passed, of_all in counts)
    return text if all(passed == of_all for passed, of_all in counts) else f"**{text}**"


def _refused(of: Seen) -> Iterator[str]:
    """The key types that programs do not claim and truly cannot do."""
    stacks = {(stack.language, stack.role): stack for stack in of.stacks}
    refused: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for p in of.permutations:
        ability, _, by = str(p.get("reason", "")).partition(" by the ")
        if p["outcome"] != "unsupported" or not ability.startswith("key_type:"):
            continue
        key_type = ability.removeprefix("key_type:")
        language, role = by.split()[:2]
        stack = stacks.get((language, role))
        tls_stack = stack.tls_stack if stack else "boringssl"
        who = f"{language} {role}" if stack else "the runner's own client"
        refused[tls_stack, key_type].add(f"{who} ({p['security']})")
    yield "## What a stack cannot do"
    yield ""
    for (tls_stack, key_type), programs in sorted(refused.items()):
        if (tls_stack, key_type) not in CAUSES:
            raise PageError(
                f"{tls_stack} refuses {key_type}, for no known cause: {sorted(programs)}"
            )
        cause, source = CAUSES[tls_stack, key_type]
        told = ", ".join(sorted(programs))
        yield f"- **{tls_stack}, {key_type}** ({told}): {cause}. Source: {source}."
    yield ""


def _known(of: Seen, known: Sequence[Entry]) -> Iterator[str]:
    """The known failures of these suites, with reason and reference."""
    yield "## What a library does otherwise"
    yield ""
    for entry in known:
        failed = [p for p in of.permutations if _is_of(entry, p)]
        if failed:
            keys = ", ".join(k for k in KEY_TYPES if any(p["key_type"] == k for p in failed))
            cases = ", ".join(f"`{case}`" for case in sorted({p["case"] for p in failed}))
            yield (
                f"- **{entry.language}**, {cases} ({len(failed)} times; {keys}): {entry.reason}. "
                f"Source: {entry.reference}."
            )
    yield ""


def _is_of(entry: Entry, p: dict[str, Any]) -> bool:
    names = (p["client"], p["server"], p["security"], p["key_type"], p["case"])
    return p["outcome"] == "known_failing" and entry.match.matches(names)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Writes the page; 1 where the results do not make one, 2 where none are given."""

    def make(paths: list[Path]) -> str:
        results = [json.loads(path.read_text("utf-8")) for path in paths]
        return page(introduction("certificates.md"), seen(results), matrix().known)

    return write(PATH, argv, environ, make)
