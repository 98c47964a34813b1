"""`soup test` with Stock among its suites. Its exit code is 0 for a suite that fails, so its report is what counts."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.life.programs import Ended
from soup.tofusoup.installed import apart, located, run

# Seconds for TofuSoup, its pytest and the matrix, one after the other.
LONG = 600.0

# A matrix of two cells; one case of the second has failed.
FAKE = """\
#!/bin/sh
one=client=a/server=b/security=plaintext/key_type=none/case=odd
other=client=a/server=b/security=tls/key_type=p256/case=odd
if [ "$1" = --dry-run ]; then
    echo "$one"
    echo "$other  beside=c"
    exit
fi
cat >"$2/results.json" <<EOF
{"complaints": ["1 failed"], "permutations": [
 {"name": "$one", "case": "odd", "outcome": "passed"},
 {"name": "$other", "case": "odd", "outcome": "failed", "reason": "odd: expected 1, got 2",
  "transcript": "--> 1"}]}
EOF
exit 1
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project, as TofuSoup takes a folder for one."""
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


@pytest.fixture
def faked(project: Path) -> Path:
    """A project with a matrix of FAKE."""
    script = project / "matrix"
    script.write_text(FAKE)
    script.chmod(0o755)
    configure(project, str(script))
    return project


def configure(project: Path, matrix: str) -> None:
    """Sets the matrix in the project's soup.toml."""
    text = f"[test_suite.stock.env_vars]\nSTOCK_MATRIX = {json.dumps(matrix)}\n"
    (project / "soup.toml").write_text(text)


def soup(project: Path, *words: str) -> Ended:
    """Runs our `soup` to its end."""
    program = str(located(os.environ["TOFUSOUP_SOUP"]))
    return run([program, *words], apart(project), project, LONG)


def report(project: Path) -> Mapping[str, Any]:
    """What TofuSoup had its pytest write."""
    (written,) = (project / "soup/output/test-reports").glob("stock-report-*.json")
    content: Mapping[str, Any] = json.loads(written.read_text())
    return content


def test_an_item_a_cell(project: Path) -> None:
    words = (
        str(located(os.environ["TOFUSOUP_MATRIX"])),
        f"--manifest={os.environ['TOFUSOUP_MANIFEST']}",
        "--client=python",
        "--server=python",
        "--profile=quick",
        "--case=unary_get_put",
    )
    configure(project, " ".join(words))
    ended = soup(project, "test", "stock")
    told = report(project)
    names = [test["nodeid"].rpartition("::")[2] for test in told["tests"]]
    assert names == [
        "test_cell[client=python/server=python/security=plaintext/key_type=none]",
        "test_cell[client=python/server=python/security=mtls/key_type=p256]",
        "test_run",
    ], ended
    assert told["summary"] == {"passed": 3, "total": 3, "collected": 3}
    assert b"3 passed" in ended.out


def test_a_failure_is_told(faked: Path) -> None:
    code, out, _ = soup(faked, "test", "stock")
    assert code == 0
    assert report(faked)["summary"] == {"passed": 1, "failed": 2, "total": 3, "collected": 3}
    assert b"failed\nodd\nodd: expected 1, got 2\n--> 1\n" in out


def test_words_for_pytest(faked: Path) -> None:
    soup(faked, "test", "stock", "--", "-k", "plaintext")
    assert [test["outcome"] for test in report(faked)["tests"]] == ["passed"]


def test_a_matrix_that_is_not_there(project: Path) -> None:
    configure(project, "nowhere/matrix")
    _, out, _ = soup(project, "test", "stock")
    assert report(project)["summary"]["total"] == 0
    assert b"nowhere/matrix: no program; ./bazelw build //conformance:matrix" in out


def test_all_fails_for_want_of_what_is_not_published(project: Path) -> None:
    # Nobody waits for our suite then: let it end at once.
    configure(project, "nowhere/matrix")
    code, _, err = soup(project, "test", "all")
    assert code == 1
    assert "Error running all test suites: Failed to build Go harness 'soup-go'" in err
    assert str(project / "src/tofusoup/harness/go/soup-go") in err
