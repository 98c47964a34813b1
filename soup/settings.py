"""What holds for one call of the command: configuration, workspace, environment, folders."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import click

from soup import config
from soup.errors import StockError
from soup.names import ALIASES, languages, unknown
from soup.workspace import Workspace, clean_environment, find_workspace

_META: Final = "soup.settings"

HARNESS_VARIABLE: Final = "STOCK_HARNESS"
CLIENT_VARIABLE: Final = "STOCK_CLIENT"
# Always there where the project is built, and what TofuSoup takes.
_CLIENT: Final = "python"


class Settings(NamedTuple):
    """What holds for one call."""

    config: config.Config
    workspace: Workspace | None
    # Of what we start.
    environ: Mapping[str, str]
    cwd: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The implementations there are: the project's languages, and those of soup.toml."""
        return tuple(sorted({*languages(), *self.config.names}))

    @property
    def harness(self) -> Path:
        """The folder that built programs are installed to."""
        if named := self.environ.get(HARNESS_VARIABLE):
            return self.cwd / named
        if self.config.harness:
            return Path(self.config.harness.text)
        return cache(self.environ) / "harness"

    @property
    def client(self) -> str:
        """The language of `stock get` and the like where none is named."""
        if named := self.environ.get(CLIENT_VARIABLE):
            return self.known(named, f" ({CLIENT_VARIABLE})")
        return self.config.client.text if self.config.client else _CLIENT

    def known(self, name: str, told: str = "") -> str:
        """The name of an implementation that a user has given. StockError if there is none."""
        name = ALIASES.get(name, name)
        if name not in self.names:
            raise StockError(unknown("language", name, self.names) + told)
        return name

    def the_workspace(self, what: str) -> Workspace:
        """The workspace, for what can be done in one only. StockError without one."""
        if self.workspace is None:
            raise StockError(
                f"{what} needs a workspace: call it in a checkout of Stock, or by ./bazelw run //:stock -- ..."
            )
        return self.workspace


def cache(environ: Mapping[str, str]) -> Path:
    """The project's folder of the user's cache. StockError where the user has none."""
    if named := environ.get("XDG_CACHE_HOME"):
        return Path(named) / "stock"
    if home := environ.get("HOME"):
        return Path(home) / ".cache" / "stock"
    raise StockError("there is no folder for files: set HOME or XDG_CACHE_HOME")


def settings(ctx: click.Context) -> Settings:
    """The settings of this call, made when first asked for. StockError if soup.toml is wrong."""
    if _META not in ctx.meta:
        try:
            cwd = Path.cwd()
        except FileNotFoundError:
            raise StockError("the working directory is gone") from None
        ctx.meta[_META] = Settings(
            config=config.load(cwd, _explicit(ctx)),
            workspace=find_workspace(os.environ, cwd),
            environ=clean_environment(os.environ),
            cwd=cwd,
        )
    found: Settings = ctx.meta[_META]
    return found


def _explicit(ctx: click.Context) -> Path | None:
    """The --config-file that is nearest: ours, or that of the command we are mounted in."""
    at: click.Context | None = ctx
    while at is not None:
        if named := at.params.get("config_file"):
            return Path(named)
        at = at.parent
    return None


def enter_callers_folder() -> None:
    """`bazel run` starts programs in their runfiles: goes where the user called it."""
    if folder := os.environ.get("BUILD_WORKING_DIRECTORY"):
        try:
            os.chdir(folder)
        except OSError as error:
            click.echo(f"stock: error: {folder}: {error.strerror}", err=True)
            sys.exit(2)
