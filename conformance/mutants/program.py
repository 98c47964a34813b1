"""A mutant as a program: `program --mutant NAME --role server|client ...`, else Python's own programs."""

import importlib
import sys
from collections.abc import Sequence
from typing import Final

from conformance.mutants.mutant import MUTANTS

# Modules of the mutants, by what of the implementation they make wrong.
FAMILIES: Final = tuple(
    f"conformance.mutants.families.{family}"
    for family in (
        "store",
        "service",
        "trade",
        "clients",
        "directive",
        "admin",
        "client",
        "tls",
        "compression",
        "limits",
    )
)


def load() -> None:
    """Declares all mutants."""
    for family in FAMILIES:
        importlib.import_module(family)


def run(argv: Sequence[str]) -> int:
    """Becomes the mutant and runs; the exit code."""
    flag, name, role_flag, role, *rest = argv
    if (flag, role_flag) != ("--mutant", "--role"):
        raise SystemExit(f"usage: --mutant NAME --role server|client ..., got {argv}")
    load()
    # Its name stands for a language in the plan, and so it does in its Hello.
    from python import about

    about.LANGUAGE = name
    mutant = MUTANTS[name]
    if mutant.role == role:
        mutant.apply()
    program = importlib.import_module(f"python.stock_{role}")
    return int(program.run(rest))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
