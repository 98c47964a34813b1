"""The `report` command: exit codes, output, and where it writes."""

import io
import json
from pathlib import Path

import pytest

from conformance.results.command import main
from conformance.results.fakes.sample import document


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with a run that passed, `good`, and one that did not, `bad`."""
    for name, given in (("good", document()), ("bad", document({"server": "go"}))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(json.dumps(given))
    return tmp_path


def report(runs: Path, *argv: str, opened: bool = True) -> tuple[int, str]:
    """Exit code and output of the command, called in the folder of the runs."""
    out = io.StringIO()
    code = main(argv, {"BUILD_WORKING_DIRECTORY": str(runs)}, out, lambda address: opened)
    return code, out.getvalue()


def test_the_exit_code_says_whether_it_got_worse(runs: Path) -> None:
    code, text = report(runs, "diff", "good", "bad/results.json")
    assert code == 1
    assert text.startswith("worse: 28 permutations, passed -> failed\n")
    assert report(runs, "diff", "bad", "good")[0] == 0
    assert report(runs, "diff", "good", "good") == (0, "nothing changed: 84 permutations\n")


def test_a_diff_as_data(runs: Path) -> None:
    code, text = report(runs, "diff", "--json", "good", "bad")
    assert code == 1
    assert json.loads(text)["worse"] is True


def test_the_page_is_made_again(runs: Path) -> None:
    code, text = report(runs, "html", "bad")
    assert code == 0
    assert Path(text.strip()) == runs / "bad" / "report.html"
    assert "The matrix failed" in (runs / "bad" / "report.html").read_text()
    assert report(runs, "html", "good/results.json", "--open")[0] == 0
    assert report(runs, "html", "good", "--open", opened=False)[0] == 2


def test_what_cannot_be_read_is_named(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (runs / "good" / "results.json").write_text("[]")
    assert report(runs, "diff", "good", "bad")[0] == 2
    assert report(runs, "html", "nowhere")[0] == 2
    error = capsys.readouterr().err
    assert "good/results.json: expected an object, got []" in error
    assert "nowhere: No such file or directory\n" in error


def test_what_cannot_be_written_is_named(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (runs / "good" / "report.html").mkdir()
    assert report(runs, "html", "good")[0] == 2
    assert capsys.readouterr().err == f"report: {runs}/good/report.html: Is a directory\n"
