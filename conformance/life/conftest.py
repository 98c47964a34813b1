"""The implementation that the tests are about: that of the manifest named by the environment."""

import os
import signal

import pytest

from conformance.life.programs import Implementation, required

# Whoever started the tests may ignore it, and programs take that over.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def of() -> Implementation:
    """The implementation."""
    return required(os.environ["LIFE_MANIFEST"])
