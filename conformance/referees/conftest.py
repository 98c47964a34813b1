"""The implementation that the tests are about, and its server in both securities."""

import os
from collections.abc import Iterator

import pytest

from conformance.life.programs import Implementation, required
from conformance.referees.listening import Listening, listen
from conformance.runner.config import Security


@pytest.fixture(scope="session")
def of() -> Implementation:
    """The implementation."""
    return required(os.environ["REFEREES_MANIFEST"])


@pytest.fixture(scope="session", params=[Security.PLAINTEXT, Security.MTLS], ids=str)
def server(
    of: Implementation, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Listening]:
    """A server for all tests but those that end it; each leaves it so that it disturbs no other."""
    with listen(of, request.param, tmp_path_factory.mktemp("server")) as listening:
        yield listening
