"""The implementation that the tests are about: that of the manifest named by the environment."""

import os
import signal

import pytest

from conformance.life.programs import Implementation, implementation

# Whoever started the tests may ignore it, and programs take that over.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def of() -> Implementation:
    """The implementation; where it could not be built there is nothing to test."""
    found = implementation(os.environ["LIFE_MANIFEST"])
    if found.missing:
        if os.environ.get("STOCK_REQUIRE") == "all":
            pytest.fail(f"{found.language} was required: {found.missing}")
        pytest.skip(f"{found.language}: {found.missing}")
    return found
