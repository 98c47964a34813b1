"""The shape of a language folder: which roles it must have files for, and the order of its targets.

A role is a file whose name, in the language's own custom, is the role's: `stock_server.py`,
`StockServer.java`, `stock_server.rs`; or a folder of that name that holds files (Go's packages).
Source: docs/guide/add-a-language.md.
"""

import re
from collections.abc import Iterable

ROLES = (
    "stock_server",
    "stock_client",
    "service",
    "store",
    "calls",
    "session",
    "directive",
    "credentials",
    "options",
)

TESTED_ROLES = ("store", "service", "options")

FILES = ("BUILD.bazel", "README.md", "known_failing.toml")

NO_LANGUAGES = (".ci", ".devcontainer", "conformance", "docs", "proto", "soup", "tools")
"""The root's other folders."""

TARGETS = ("stock_grpc", "stock", "stock_server", "stock_client", "implementation")

_NAME = re.compile(r'^    name = "(?P<name>[^"]+)",$', re.MULTILINE)


def snake_case(stem: str) -> str:
    """`StockServer`, `stock-server` and `stock_server` are all `stock_server`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", stem)
    return spaced.replace("-", "_").lower()


def languages(paths: Iterable[str]) -> list[str]:
    """The language folders among the workspace's files: a folder of the root that is nothing else."""
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    return sorted(tops.difference(NO_LANGUAGES))


def _roles(paths: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        *folders, name = path.split("/")
        found.update(snake_case(part) for part in (*folders, name.partition(".")[0]))
    return found


def missing_files(paths: Iterable[str]) -> list[str]:
    """What the files of a language folder (paths relative to it) lack, a line each."""
    paths = list(paths)
    roles = _roles(paths)
    lacking = [f"no file {name}" for name in FILES if name not in paths]
    lacking += [f"no file for the role {role}" for role in ROLES if role not in roles]
    return lacking + [
        f"no test of the role {role}"
        for role in TESTED_ROLES
        if not {f"{role}_test", f"test_{role}", f"{role}_tests"} & roles
    ]


def wrong_targets(build_file: str) -> list[str]:
    """What the targets of a BUILD file lack, or have in another order than everywhere, a line each."""
    names = _NAME.findall(build_file)
    lacking = [f"no target {name}" for name in (*TARGETS, "conformance_test") if name not in names]
    lacking += [f"no target {role}_test" for role in TESTED_ROLES if f"{role}_test" not in names]
    order = [name for name in names if name in (*TARGETS, "conformance_test")]
    expected = [name for name in (*TARGETS, "conformance_test") if name in names]
    if order != expected:
        lacking.append(
            f"targets stand in the order {', '.join(order)}: expected {', '.join(expected)}"
        )
    return lacking
