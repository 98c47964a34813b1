"""`soup test` with Stock among its suites. Its exit code is 0 for a suite that fails, so its report is what counts."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.life.programs import Ended
from soup.tofusoup.installed import apart, located, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project, as TofuSoup takes a folder for one, with a matrix of a few cases of one pair."""
    (tmp_path / "pyproject.toml").touch()
    words = (
        str(located(os.environ["TOFUSOUP_MATRIX"])),
        f"--manifest={os.environ['TOFUSOUP_MANIFEST']}",
        "--client=python",
        "--server=python",
        "--profile=quick",
        "--case=unary_get_put",
    )
    configure(tmp_path, " ".join(words))
    return tmp_path


def configure(project: Path, matrix: str) -> None:
    """Sets the matrix in the project's soup.toml."""
    text = f"[test_suite.stock.env_vars]\nSTOCK_MATRIX = {json.dumps(matrix)}\n"
    (project / "soup.toml").write_text(text)


def soup(project: Path, *words: str) -> Ended:
    """Runs our `soup` to its end."""
    program = str(located(os.environ["TOFUSOUP_SOUP"]))
    return run([program, *words], apart(project), project)


def report(project: Path) -> Mapping[str, Any]:
    """What TofuSoup had its pytest write."""
    (written,) = (project / "soup/output/test-reports").glob("stock-report-*.json")
    content: Mapping[str, Any] = json.loads(written.read_text())
    return content


def test_an_item_a_cell(project: Path) -> None:
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


def test_words_for_pytest(project: Path) -> None:
    soup(project, "test", "stock", "--", "-k", "mtls")
    assert [test["outcome"] for test in report(project)["tests"]] == ["passed"]


def test_a_failure_is_told(project: Path) -> None:
    script = project / "matrix"
    script.write_text("""\
#!/bin/sh
cell=client=a/server=b/security=tls/key_type=p256
case $1 in
--dry-run) echo "$cell/case=odd"; exit ;;
esac
cat >"$2/results.json" <<EOF
{"complaints": ["1 failed"], "permutations": [{"name": "$cell/case=odd", "case": "odd",
 "outcome": "failed", "reason": "odd: expected 1, got 2", "transcript": "--> 1"}]}
EOF
exit 1
""")
    script.chmod(0o755)
    configure(project, str(script))
    code, out, _ = soup(project, "test", "stock")
    assert code == 0
    assert report(project)["summary"] == {"failed": 2, "total": 2, "collected": 2}
    assert b"failed\nodd\nodd: expected 1, got 2\n--> 1\n" in out


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
