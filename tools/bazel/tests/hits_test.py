"""Reading the number of cache hits from Bazel's closing lines."""

import pytest

from tools.bazel.remote_cache.hits import hits
from tools.bazel.trial import Answer


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        ("INFO: 7 processes: 3 remote cache hit, 4 internal.", 3),
        ("INFO: 7 processes: 12 disk cache hit, 4 internal, 3 linux-sandbox.", 0),
        ("", 0),
    ],
)
def test_only_remote_hits_count(stderr: str, expected: int) -> None:
    assert hits(Answer(0, "", stderr)) == expected
