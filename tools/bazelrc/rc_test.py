"""No rc file of the tree sends anyone's token, or anyone's work, anywhere; and every flag has its reason."""

import re
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parent
FILES = sorted([*_FOLDER.glob("*.bazelrc"), _FOLDER.parents[1] / ".bazelrc"])

# Where a cache, an executor or a service of build events is, and who we are to it.
_REDIRECTS = re.compile(
    r"--(?:experimental_)?(?:remote_(?:cache|executor|header|\w+_header|proxy|downloader\w*|instance_name)"
    r"|bes_\w+|tls_\w+|google_\w+|credential_helper\w*|netrc)\b"
)


def flags(text: str) -> list[str]:
    """The lines of an rc file that hold flags."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_line_redirects(path: Path) -> None:
    assert [line for line in flags(path.read_text("utf-8")) if _REDIRECTS.search(line)] == []


@pytest.mark.parametrize(
    "flag",
    [
        "--remote_cache=grpcs://elsewhere",
        "--remote_executor=grpc://elsewhere",
        "--remote_header=authorization=Bearer x",
        "--remote_cache_header=a=b",
        "--credential_helper=*=tools/helper",
        "--experimental_credential_helper=tools/helper",
        "--tls_client_key=key.pem",
        "--bes_backend=grpcs://elsewhere",
        "--google_default_credentials",
    ],
)
def test_a_line_that_redirects_is_seen(flag: str) -> None:
    assert _REDIRECTS.search(f"common:remote-cache {flag}")


@pytest.mark.parametrize("flag", ["--noremote_upload_local_results", "--remote_timeout=30"])
def test_a_line_that_does_not_is_not(flag: str) -> None:
    assert not _REDIRECTS.search(f"common:remote-cache {flag}")


def test_there_are_the_configurations_that_the_guide_names() -> None:
    lines = "\n".join(path.read_text("utf-8") for path in FILES)
    for name in ("ci", "remote-cache", "remote-exec"):
        assert f":{name} --" in lines


def test_only_a_command_line_uploads() -> None:
    lines = [line for path in FILES for line in flags(path.read_text("utf-8"))]
    found = [line for line in lines if "remote_upload_local_results" in line]
    assert found == ["common:remote-cache --noremote_upload_local_results"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_group_of_flags_begins_with_its_reason(path: Path) -> None:
    groups = re.split(r"\n\s*\n", path.read_text("utf-8").strip())
    assert [group for group in groups if not group.startswith("#")] == []
