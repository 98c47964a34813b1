"""The command line's grammar, the same in every language: a table of flags in, values and arguments out.

Not absl.flags and not argparse: both take a single dash for a flag, so that `-5` would not be an argument;
absl adds `--noflag` and `--flagfile`, argparse exits by itself. docs/reference/programs.md is exact.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class UsageError(Exception):
    """A command line that breaks the grammar; the text is one line that names what breaks it."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. Without `convert` it takes no value. `convert` raises ValueError with what is expected."""

    name: str
    help: str
    convert: Callable[[str], Any] | None = None
    value_name: str = ""
    default: Any = None

    def usage(self) -> str:
        """One line for the usage."""
        default = "" if self.default is None else f" (default {self.default})"
        return f"  --{self.name} {self.value_name}".rstrip().ljust(26) + f" {self.help}{default}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command line taken apart: the values of the flags given, and the arguments, in order."""

    given: Mapping[str, Any]
    arguments: Sequence[str]


def parse(flags: Sequence[Flag], argv: Sequence[str]) -> Parsed:
    """Takes a command line apart. Raises UsageError."""
    table = {flag.name: flag for flag in flags}
    given: dict[str, Any] = {}
    arguments: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            arguments.extend(words)
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name not in table:
                raise UsageError(f"unknown flag: --{printable(name)}")
            given[name] = _value(table[name], value if equals else None, words)
        else:
            arguments.append(word)
    return Parsed(given, arguments)


def _value(flag: Flag, attached: str | None, words: Iterator[str]) -> Any:
    if flag.convert is None:
        if attached is not None:
            raise UsageError(f"--{flag.name} takes no value")
        return True
    word = next(words, None) if attached is None else attached
    if word is None:
        raise UsageError(f"--{flag.name} needs a value")
    try:
        return flag.convert(word)
    except ValueError as error:
        raise UsageError(f"--{flag.name}: {printable(word)!r} given, {error} expected") from None


def printable(word: str) -> str:
    """A word of the command line for a message: what is not UTF-8 is replaced."""
    return os.fsencode(word).decode(errors="replace")


def integer(low: int, high: int, what: str) -> Callable[[str], int]:
    """Converts a decimal number in a range."""

    def convert(word: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", word) or not low <= int(word) <= high:
            raise ValueError(what)
        return int(word)

    return convert


def seconds(word: str) -> float:
    """Converts seconds: digits, with a fraction or without."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", word):
        raise ValueError("seconds like 5 or 0.25")
    return float(word)


def choice(values: Mapping[str, str], what: str) -> Callable[[str], str]:
    """Converts one of some words, to what it stands for."""

    def convert(word: str) -> str:
        if word not in values:
            raise ValueError(what)
        return values[word]

    return convert


def endpoint(word: str) -> str:
    """Takes a host and a port; an IPv6 address stands in brackets."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", word)
    if not match or not 0 < int(match[2]) <= 65535:
        raise ValueError("HOST:PORT")
    return word


def text(word: str) -> str:
    """Takes any value but an empty one."""
    if not word:
        raise ValueError("a value that is not empty")
    return word
