"""The implementation that the tests are about: that of the manifest named by the environment."""

import os
import signal

import pytest

from conformance.life.programs import Implementation, required, run

# Whoever started the tests may ignore it, and programs take that over.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def of(tmp_path_factory: pytest.TempPathFactory) -> Implementation:
    """The implementation; its programs have a cache, as a user's have: some start in half the time with one."""
    found = required(os.environ["LIFE_MANIFEST"]).cached(tmp_path_factory.mktemp("cache"))
    # A first start fills it, beside what follows: one that a test kills would take that with it.
    for role in ("server", "client"):
        run(found, role, "--version")
    return found
