"""The matrix in pytest: one item per cell, over the results of one run of the engine.

    pytest conformance/stock/souptest_stock_matrix.py --profile quick -k "go-python and mtls"

Only the cells that are left after `-k` are run. It needs the runfiles of `//conformance:matrix`
(`RUNFILES_DIR`), as it runs the programs that Bazel has built; `conftest.py` has the options.
"""

from collections.abc import Iterator

import pytest

from conformance.runner.outcome import BAD, Result
from conformance.runner.plan import CellName
from conformance.runner.report import Report
from conformance.runner.run import Prepared, conduct, write_reports
from conformance.stock.conftest import prepared_of
from conformance.stock.matrix_config import cell_id


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes an item of each cell of the plan."""
    if "cell" in metafunc.fixturenames:
        permutations = prepared_of(metafunc.config).plan.permutations
        cells = list(dict.fromkeys(permutation.cell for permutation in permutations))
        metafunc.parametrize("cell", cells, ids=map(cell_id, cells))


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """What came of the one run, of the cells that are to be shown."""
    prepared = prepared_of(request.config)
    done = conduct(_narrowed(prepared, set(_shown(request.session))), lambda result: None)
    if folder := request.config.getoption("report"):
        write_reports(done, folder)
    return done


def _shown(session: pytest.Session) -> Iterator[CellName]:
    """The cells of the items that `-k` has left."""
    for item in session.items:
        cell = item.callspec.params.get("cell") if hasattr(item, "callspec") else None
        if isinstance(cell, CellName):
            yield cell


def _narrowed(prepared: Prepared, cells: set[CellName]) -> Prepared:
    """The run without the permutations of other cells."""
    plan = prepared.plan
    kept = tuple(permutation for permutation in plan.permutations if permutation.cell in cells)
    return prepared._replace(plan=plan._replace(permutations=kept))


def test_cell(cell: CellName, report: Report) -> None:
    """A cell passes if no permutation of it is bad."""
    mine = [result for result in report.results if result.permutation.cell == cell]
    assert mine, "nothing of this cell was in the run"
    bad = [result for result in mine if result.outcome in BAD]
    if bad:
        pytest.fail("\n\n".join(map(_text, bad)), pytrace=False)


def test_run(report: Report) -> None:
    """The run passes if nothing beside the outcomes is wrong: lost programs, stale entries."""
    if report.problems:
        pytest.fail("\n".join(report.problems), pytrace=False)


def _text(result: Result) -> str:
    return f"{result.outcome} {result.permutation.name}\n{result.reason}\n{result.transcript}"
