"""What the tests with TofuSoup have in common: the programs of the language that they are about, and TofuSoup."""

import os

import pytest

from conformance.life.programs import Implementation, implementation
from soup.tofusoup.installed import Soup, install


@pytest.fixture(scope="session")
def of() -> Implementation:
    """The implementation; where it could not be built there is nothing to test."""
    found = implementation(os.environ["TOFUSOUP_MANIFEST"])
    if found.missing:
        if os.environ.get("STOCK_REQUIRE") == "all":
            pytest.fail(f"{found.language} was required: {found.missing}")
        pytest.skip(f"{found.language}: {found.missing}")
    return found


@pytest.fixture(scope="session")
def soup(tmp_path_factory: pytest.TempPathFactory) -> Soup:
    """TofuSoup as it is published."""
    return install(tmp_path_factory.mktemp("soup") / "environment")
