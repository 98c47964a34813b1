"""The Stock matrix for `soup test`: an item a cell, over the results of one run of the matrix's program.

Nothing of Stock is imported here: TofuSoup's packages and Stock's are two sets, in two processes. The program is
that of `STOCK_MATRIX`, a command line, which `soup.toml` may set under `test_suite.stock.env_vars`; by default it
is the one that `./bazelw build //conformance:matrix` leaves, from the workspace's root.
"""

import json
import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

DEFAULT: Final = "bazel-bin/conformance/matrix --manifest=_main/conformance/manifest.json"

# Seconds: for the plan, and for a run, which ends itself sooner.
_PLAN: Final = 60.0
_RUN: Final = 900.0

_BAD: Final = ("failed", "unexpected_pass", "crashed", "timed_out")


def _matrix(*words: str, patience: float) -> "subprocess.CompletedProcess[str]":
    line = [*shlex.split(os.environ.get("STOCK_MATRIX", DEFAULT)), *words]
    if not os.access(line[0], os.X_OK):
        pytest.fail(f"{line[0]}: no program; ./bazelw build //conformance:matrix", pytrace=False)
    return subprocess.run(
        line,
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _cell(permutation: str) -> str:
    return permutation.partition("/case=")[0]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes an item of each cell of the plan."""
    if "cell" in metafunc.fixturenames:
        plan = _matrix("--dry-run", patience=_PLAN)
        if plan.returncode:
            pytest.fail(plan.stderr, pytrace=False)
        names = [line for line in plan.stdout.splitlines() if line.startswith("client=")]
        metafunc.parametrize("cell", [*dict.fromkeys(map(_cell, names))])


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What came of the one run."""
    folder = tmp_path_factory.mktemp("report")
    done = _matrix("--report", str(folder), patience=_RUN)
    written = Path(folder, "results.json")
    if not written.exists():
        pytest.fail(f"the matrix left no results:\n{done.stdout}{done.stderr}", pytrace=False)
    content: Mapping[str, Any] = json.loads(written.read_text("utf-8"))
    return content


def test_cell(cell: str, results: Mapping[str, Any]) -> None:
    """A cell passes if no permutation of it is bad; one of which nothing could be run is skipped."""
    mine = [p for p in results["permutations"] if _cell(p["name"]) == cell]
    assert mine, "nothing of this cell was in the run"
    if bad := [p for p in mine if p["outcome"] in _BAD]:
        pytest.fail("\n\n".join(map(_text, bad)), pytrace=False)
    if all(p["outcome"] == "not_run" for p in mine):
        pytest.skip(mine[0].get("reason", "not run"))


def test_run(results: Mapping[str, Any]) -> None:
    """The run passes if the matrix has nothing to complain of."""
    if results["complaints"]:
        pytest.fail("\n".join(results["complaints"]), pytrace=False)


def _text(permutation: Mapping[str, Any]) -> str:
    told = (
        permutation.get(key, "") for key in ("outcome", "case", "reason", "transcript", "reproduce")
    )
    return "\n".join(filter(None, told))
