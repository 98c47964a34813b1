"""Options of the matrix in pytest: those of the runner's own command line."""

import os
from pathlib import Path
from typing import Final

import pytest

from conformance.runner.options import parse_options
from conformance.runner.run import Prepared, load_cases, prepare
from conformance.stock.matrix_config import PROFILES, SUITES

_MANIFEST: Final = "_main/conformance/manifest.json"
_GLOBS: Final = ("case", "client", "server", "security", "key-type")

_PREPARED: Final = pytest.StashKey[Prepared]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the options."""
    group = parser.getgroup("stock", "the Stock matrix")
    group.addoption("--profile", choices=[*PROFILES], default="standard", help="what there is")
    group.addoption("--manifest", default=_MANIFEST, help="runfiles path of the manifest")
    group.addoption("--report", type=Path, help="folder to write the reports to")
    group.addoption("--implementation", action="append", default=[], help="bring programs along")
    for name in _GLOBS:
        group.addoption(f"--{name}", action="append", default=[], help=f"only such a {name} (glob)")


def prepared_of(config: pytest.Config) -> Prepared:
    """The run that the options ask for, made once."""
    if _PREPARED not in config.stash:
        profile = config.getoption("profile")
        argv = [f"--manifest={config.getoption('manifest')}", f"--profile={profile}"]
        argv += [f"--implementation={text}" for text in config.getoption("--implementation")]
        for name in _GLOBS:
            argv += [f"--{name}={glob}" for glob in config.getoption(f"--{name}")]
        # Bazel's filter has chosen items by `-k` already.
        environ = {
            name: text for name, text in os.environ.items() if name != "TESTBRIDGE_TEST_ONLY"
        }
        options = parse_options(argv, environ, [*PROFILES])
        config.stash[_PREPARED] = prepare(options, PROFILES[profile], load_cases(SUITES))
    return config.stash[_PREPARED]
