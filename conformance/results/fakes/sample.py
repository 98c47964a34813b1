"""A run of three languages with failures of every kind, for the tests of what is made of results."""

import itertools
from collections.abc import Sequence
from typing import Any, Final

from conformance.results.reader import RUNNER, VERSIONS, Permutation, Results, parse

LANGUAGES: Final = ("go", "python", "ruby")
CONFIGS: Final = (("plaintext", "none"), ("tls", "p256"), ("mtls", "p521"))
CASES: Final = {"get_put": "unary", "get_missing": "unary", "trade_fills": "trade"}
PASSED: Final = len(LANGUAGES) ** 2 * len(CONFIGS) * len(CASES) + len(LANGUAGES)

# Markup, a template's braces, a control character, an unpaired surrogate: a page can hold them.
ODD: Final = "</script><b>{{data}}</b> & 'b' \x1b[31m \ud800"

_FAMILIES: Final = {
    "go": ("grpc-go 1.85.0", "go 1.26.8", "grpc-go", "crypto/tls"),
    "python": ("grpcio 1.85.3", "cpython 3.11.7", "grpc-core", "boringssl"),
    "ruby": ("grpc 1.51.1", "ruby 3.1.2", "grpc-core", "openssl"),
}


def document(*failures: dict[str, Any]) -> dict[str, Any]:
    """results.json of a run; what a failure's fields name fails as the rest of them says.

    `{"server": "go", "case": "get_put"}` fails that case of that server for everyone; `outcome`,
    `reason` and `transcript` are the failure's own.
    """
    entries = [_entry(*which, failures) for which in _everything()]
    bad = sum(1 for entry in entries if entry["outcome"] == "failed")
    return {
        "schema": VERSIONS[-1],
        "profile": "standard",
        "started": "2030-01-02T03:04:05+00:00",
        "environment": {"system": "Linux", "cores": "2"},
        "complaints": [f"{bad} failed"] if bad else [],
        "floor": len(entries),
        "executed": len(entries),
        "missing": {},
        "cases": {name: {"suite": s, "clause": "service.md: Get"} for name, s in CASES.items()},
        "programs": [_program(language, role) for language in LANGUAGES for role in _ROLES],
        "waterfall": {
            "wall_seconds": 3.5,
            "floor_seconds": 3.0,
            "efficiency": 1.167,
            "phases": {"loading": 0.5, "working": 2, "ending": 1},
            "channels": {"client=go/server=ruby/security=tls/key_type=p256": 0.25},
            "cpu_seconds": {"runner": 1.0, "go client": 2.5},
        },
        "permutations": entries,
    }


_ROLES: Final = ("server", "client")


def sample(*failures: dict[str, Any]) -> Results:
    """The results of such a run."""
    return parse(document(*failures), "sample")


def failures_of_every_kind() -> list[dict[str, Any]]:
    """A server that fails a case, a client that crashes with P-521, a pair that waits for ever."""
    return [
        {
            "server": "ruby",
            "case": "get_missing",
            "transcript": "GET\n  --> start\n  <-- 1 ms status",
        },
        {"client": "python", "key_type": "p521", "case": "trade_fills", "outcome": "crashed"},
        {"client": "go", "server": "go", "case": "get_put", "outcome": "timed_out", "reason": ODD},
        {"client": "ruby", "server": "go", "security": "tls", "outcome": "known_failing"},
        {"client": RUNNER, "server": "python", "outcome": "unsupported"},
        {"client": "ruby", "server": "ruby", "outcome": "not_run"},
        {"client": "go", "server": "python", "case": "get_put", "outcome": "unexpected_pass"},
    ]


def many(languages: int, cases: int, configs: Sequence[tuple[str, str]] = CONFIGS) -> Results:
    """A run of many languages, of which one permutation in a hundred fails with a long transcript."""
    names = [f"language_{i}" for i in range(languages)]
    which = itertools.product(names, names, configs, range(cases))
    permutations = tuple(
        Permutation(
            client, server, *config, f"suite_{case // 20}", f"case_number_{case}",
            "passed" if i % 100 else "failed", (i * 7919 % 10_007) / 1e5, "run ",
            "" if i % 100 else f"status: expected OK, got number {i}",
            "" if i % 100 else "".join(f"  --> start call: {i * k % 9973}\n" for k in range(150)),
        )
        for i, (client, server, config, case) in enumerate(which)
    )  # fmt: skip
    return sample()._replace(permutations=permutations, complaints=("some failed",))


def _everything() -> list[tuple[str, str, tuple[str, str], str]]:
    pairs = itertools.product(LANGUAGES, LANGUAGES, CONFIGS, CASES)
    return [*pairs, *((RUNNER, server, CONFIGS[0], "health") for server in LANGUAGES)]


def _entry(
    client: str, server: str, config: tuple[str, str], case: str, failures: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "client": client,
        "server": server,
        "security": config[0],
        "key_type": config[1],
        "suite": CASES.get(case, "admin"),
        "case": case,
        "outcome": "passed",
        "duration_seconds": 0.0125,
    }
    name = "/".join(f"{k}={entry[k]}" for k in ("client", "server", "security", "key_type", "case"))
    entry |= {"name": name, "reproduce": f"./bazelw test //conformance:matrix --test_filter={name}"}
    for failure in failures:
        if all(entry.get(k) == v for k, v in failure.items() if k not in _OWN):
            given = {k: v for k, v in failure.items() if k in _OWN}
            return entry | _DEFAULTS | given
    return entry


_OWN: Final = ("outcome", "reason", "transcript")
_DEFAULTS: Final = {"outcome": "failed", "reason": "status: expected OK, got UNKNOWN: 'boom'"}


def _program(language: str, role: str) -> dict[str, Any]:
    fields = ("library", "runtime", "transport", "tls_stack")
    return {
        "language": language,
        "role": role,
        **dict(zip(fields, _FAMILIES[language], strict=True)),
        "supports": ["observe_tls"],
        "start_seconds": [0.25],
        "losses": [{"reason": "it ended", "log": "boom"}] if language == "python" else [],
        "log_tail": "a line of log",
    }
