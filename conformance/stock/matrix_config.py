"""What the Stock matrix is made of: its suites, its profiles, the ids of its cells in pytest."""

from typing import Final

from conformance.runner.config import PLAINTEXT, Config, KeyType, Profile, Security, every_config
from conformance.runner.plan import CellName

# Modules of the cases, in the order of the report.
SUITES: Final = tuple(
    f"conformance.stock.cases.{suite}"
    for suite in (
        "unary",
        "monitor",
        "batch",
        "trade",
        "clients",
        "status",
        "metadata",
        "deadline_and_cancel",
        "wait_for_ready",
        "compression",
        "tls",
        "refusals",
        "admin",
        "malformed",
        "limits",
    )
)

# Languages of the first priority, of which the quick profile has those that there are.
FIRST_LANGUAGES: Final = frozenset({"python", "go", "java", "rust", "cpp", "csharp", "node"})

_TLS = Config(Security.TLS, KeyType.P256)
_MTLS = Config(Security.MTLS, KeyType.P256)

# Fewest cases a profile may find; a suite that got lost must not look like a pass.
_ALL_CASES = 206
_CORE_CASES = 62

PROFILES: Final = {
    profile.name: profile
    for profile in (
        Profile("quick", (PLAINTEXT, _MTLS), FIRST_LANGUAGES, True, _CORE_CASES),
        Profile("standard", (PLAINTEXT, _TLS, _MTLS), least_cases=_ALL_CASES, spread=1),
        Profile("full", tuple(every_config()), least_cases=_ALL_CASES, spread=3),
    )
}


def cell_id(cell: CellName) -> str:
    """A cell's id in pytest: `go-python-mtls-p256`, for `-k`."""
    config = cell.config
    parts = [cell.client, cell.server, config.security.value]
    if config.key_type is not KeyType.NONE:
        parts.append(config.key_type.value)
    return "-".join(parts)
