"""Reads the `[stock]` tables of a soup.toml, naming file, line and key of what is wrong in them.

The file is found as TofuSoup 0.8 finds it (tofusoup.cli and tofusoup.common.config):

1. the file of `--config-file`, which must exist (`soup --config-file F stock ...` counts as well);
2. `soup/soup.toml` of the project's root;
3. `soup.toml` of the project's root.

The root is the nearest folder, from the working directory upwards, that has a `pyproject.toml`; the
working directory where none has. Without a file everything has its default. All tables but `[stock]`
are TofuSoup's own and none of our business.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from soup.errors import StockError, unusable
from soup.names import OPERATIONS, languages, unknown

ROLES: Final = ("server", "client")

# Of [stock] itself; anything else in it is a table of an implementation.
_KEYS: Final = ("client", "harness")
# As the runner takes it.
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
# The runner's own client.
RUNNER: Final = "runner"
# An implementation of such a name could not be called.
COMMANDS: Final = frozenset(
    {*OPERATIONS, *ROLES, "certs", "completion", "config", "doctor", "harness", "list", "matrix"}
    | {"report", "test"}
)


class Value(NamedTuple):
    """A text of the file, and where it stands."""

    text: str
    where: str


class Config(NamedTuple):
    """What a soup.toml says of Stock."""

    file: Path | None = None
    # The language of `stock get` and the like.
    client: Value | None = None
    # The folder that `stock harness build` installs to.
    harness: Value | None = None
    # By name and role: the path of a program.
    programs: Mapping[tuple[str, str], Value] = MappingProxyType({})

    @property
    def names(self) -> tuple[str, ...]:
        """The implementations that have a table, in the order of the file."""
        return tuple(dict.fromkeys(name for name, _ in self.programs))


def candidates(cwd: Path) -> tuple[Path, ...]:
    """Where a file is looked for if none was named, first one first."""
    root = next((p for p in (cwd, *cwd.parents) if (p / "pyproject.toml").exists()), cwd)
    return root / "soup" / "soup.toml", root / "soup.toml"


def load(cwd: Path, explicit: Path | None = None) -> Config:
    """The configuration that holds in a folder. StockError where a file is wrong."""
    if explicit is not None:
        return read(cwd / explicit)
    found = next((path for path in candidates(cwd) if path.is_file()), None)
    return read(found) if found else Config()


def read(file: Path) -> Config:
    """The configuration of one file. StockError where it is wrong or cannot be read."""
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise unusable(error, file) from None
    except UnicodeDecodeError as error:
        raise StockError(f"{file}: not UTF-8: {error.reason} at byte {error.start}") from None
    return _Reader(file, text).config()


class _Reader:
    def __init__(self, file: Path, text: str) -> None:
        # Without a file of this kind nobody needs the library.
        import tomlkit
        from tomlkit.exceptions import ParseError

        self._file = file
        self._text = text
        try:
            self._document: Mapping[str, Any] = tomlkit.parse(text).unwrap()
        except ParseError as error:
            raise StockError(f"{file}:{error.line}: no TOML: {error}") from None

    def config(self) -> Config:
        stock = self._document.get("stock", {})
        if not isinstance(stock, dict):
            raise self._wrong(("stock",), "expected a table")
        names = [key for key in stock if key not in _KEYS]
        programs = {
            (name, role): value for name in names for role, value in self._programs(name, stock)
        }
        client = self._text_of(("stock", "client")) if "client" in stock else None
        if client and client.text not in (known := {*languages(), *names}):
            raise StockError(f"{client.where}: {unknown('language', client.text, known)}")
        harness = self._path(("stock", "harness")) if "harness" in stock else None
        return Config(self._file, client, harness, programs)

    def _programs(self, name: str, stock: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
        keys = ("stock", name)
        if not isinstance(stock[name], dict):
            raise self._wrong(keys, unknown("key", name, (*_KEYS, "a table [stock.NAME]")))
        if name in COMMANDS or name == RUNNER:
            raise self._wrong(keys, "this name is taken: an implementation needs one of its own")
        if not _NAME.match(name):
            raise self._wrong(keys, "no name: expected lower-case letters, digits, - and _")
        if not stock[name]:
            raise self._wrong(keys, "neither a server nor a client is named")
        for key in stock[name]:
            if key not in ROLES:
                raise self._wrong((*keys, key), unknown("key", key, ROLES))
            yield key, self._path((*keys, key))

    def _text_of(self, keys: tuple[str, ...]) -> Value:
        value: Any = self._document
        for key in keys:
            value = value[key]
        if not isinstance(value, str) or not value:
            raise self._wrong(keys, f"expected a text, got {value!r}")
        return Value(value, self._where(keys))

    def _path(self, keys: tuple[str, ...]) -> Value:
        """A path of the file is relative to the file's folder."""
        value = self._text_of(keys)
        path = os.path.join(self._file.absolute().parent, os.path.expanduser(value.text))
        return value._replace(text=os.path.normpath(path))

    def _wrong(self, keys: tuple[str, ...], message: str) -> StockError:
        return StockError(f"{self._where(keys)}: {message}")

    def _where(self, keys: tuple[str, ...]) -> str:
        return f"{self._file}:{line_of(self._text, keys)}: {'.'.join(keys)}"


def line_of(text: str, keys: tuple[str, ...]) -> int:
    """The line, from 1, of a key of a TOML document, or of the head of a table.

    The library keeps no positions, but every character: so a mark is put in the place and looked for.
    """
    import tomlkit
    from tomlkit.items import Table

    mark = "stock mark"
    while mark in text:
        mark += "'"
    document = tomlkit.parse(text)
    around: Any = document
    for key in keys[:-1]:
        around = around[key]
    value = around[keys[-1]]
    if not isinstance(value, Table):
        around[keys[-1]] = tomlkit.string(mark)
    elif value.is_super_table():
        # Without a head of its own; what is below it has one.
        return line_of(text, (*keys, next(iter(value))))
    else:
        value.comment(mark)
    rendered: str = document.as_string()
    return rendered[: rendered.index(mark)].count("\n") + 1
