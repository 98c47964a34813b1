"""Finds the server or client of a language.

In this order: the flag --program; soup.toml; the environment (STOCK_GO_SERVER=PATH); the workspace
(what is built under bazel-bin, else it is built now); what `stock harness build` has installed.
"""

import os
from pathlib import Path
from typing import NamedTuple

from soup.errors import StockError
from soup.names import languages
from soup.settings import Settings
from soup.workspace import build


class Found(NamedTuple):
    """A program, and what has named it."""

    path: Path
    # For people: `soup.toml:3: stock.go.server`.
    source: str


def variable(language: str, role: str) -> str:
    """The environment variable that names a program."""
    name = "".join(c if c.isalnum() else "_" for c in language)
    return f"STOCK_{name}_{role}".upper()


def file_name(role: str) -> str:
    """What the program of a role is called wherever we build or install it."""
    return f"stock_{role}"


def label(language: str, role: str) -> str:
    """The target of a program."""
    return f"//{language}:{file_name(role)}"


def installed(settings: Settings, language: str) -> Path:
    """The folder that a language's programs are installed in."""
    return settings.harness / f"stock-{language}"


def named(settings: Settings, language: str, role: str, flag: Path | None = None) -> Found | None:
    """The program that somebody has named, if any. StockError if that is none."""
    if flag:
        return _checked(Found(settings.cwd / flag, "--program"))
    if value := settings.config.programs.get((language, role)):
        return _checked(Found(Path(value.text), value.where))
    if path := settings.environ.get(name := variable(language, role)):
        return _checked(Found(settings.cwd / path, name))
    return None


def present(settings: Settings, language: str, role: str, flag: Path | None = None) -> Found | None:
    """The program if it is there; nothing is built for it. StockError for a wrong name of one."""
    if found := named(settings, language, role, flag):
        return found
    if settings.workspace and settings.workspace.has_built(language, file_name(role)):
        return Found(settings.workspace.built(language, file_name(role)), "bazel-bin")
    path = installed(settings, language) / file_name(role)
    return Found(path, "installed") if os.access(path, os.X_OK) else None


def program(settings: Settings, language: str, role: str, flag: Path | None = None) -> Found:
    """The program, which is built where that is needed. StockError where there is none."""
    if found := named(settings, language, role, flag):
        return found
    if settings.workspace and language in languages():
        if not settings.workspace.has_built(language, file_name(role)):
            build(settings.workspace, [label(language, role)], settings.environ)
        return _checked(Found(settings.workspace.built(language, file_name(role)), "bazel-bin"))
    if found := present(settings, language, role):
        return found
    raise StockError(_advice(settings, language, role))


def _advice(settings: Settings, language: str, role: str) -> str:
    steps = [f"name it in soup.toml ([stock.{language}] {role} = PATH), by --program"]
    steps[0] += f" or by {variable(language, role)}"
    if language in languages():
        steps.append(f"or run `stock harness build stock-{language}` in a checkout of Stock")
    looked = installed(settings, language)
    return f"no {role} of {language} here, and none in {looked}: {', '.join(steps)}"


def _checked(found: Found) -> Found:
    if not found.path.is_file():
        what = "is a folder" if found.path.is_dir() else "there is no such file"
        raise StockError(f"{found.source}: {found.path}: {what}")
    if not os.access(found.path, os.X_OK):
        raise StockError(f"{found.source}: {found.path}: it may not be executed")
    return found
