"""The plan's command line."""

import io
import json
from pathlib import Path

import pytest

from tools.remote.graph import Action
from tools.remote.plan import main, uploaded


def test_what_no_action_makes_is_uploaded() -> None:
    made = Action("", "", 1.0, {"source": 7}, {"object": 100}, frozenset())
    used = Action("", "", 1.0, {"source": 7, "object": 100, "header": 1}, {}, frozenset({0}))
    assert uploaded([made, used]) == 8


def test_a_plan_is_printed(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    entry = {"targetLabel": "//conformance:go_go", "mnemonic": "TestRunner"}
    log.write_text(json.dumps(entry | {"metrics": {"executionWallTime": "60s"}}), encoding="utf-8")
    out = io.StringIO()
    assert main([str(log), "--workers=1,2", "--languages=2", "--slower=2", "--each=0"], out) == 0
    assert "measured: 1 actions, 0.5 minutes of work, 0.5 of them tests of pairs" in out.getvalue()
    assert "2 languages: 6 actions, 2.0 minutes of work" in out.getvalue()


def test_a_pair_takes_what_its_report_says(tmp_path: Path) -> None:
    folder = tmp_path / "go_go/test.outputs"
    folder.mkdir(parents=True)
    report = {"waterfall": {"wall_seconds": 40.0, "floor_seconds": 6.0}}
    (folder / "results.json").write_text(json.dumps(report), encoding="utf-8")
    log = tmp_path / "log.json"
    entry = {"targetLabel": "//conformance:go_go", "mnemonic": "TestRunner"}
    log.write_text(json.dumps(entry | {"metrics": {"executionWallTime": "60s"}}), encoding="utf-8")
    out = io.StringIO()
    assert main([str(log), f"--tests={tmp_path}", "--slower=2", "--workers=1"], out) == 0
    assert "measured: 1 actions, 0.1 minutes of work" in out.getvalue()
    assert main([str(log), "--cached=TestRunner", "--workers=1"], out) == 0
    assert "measured: 1 actions, 0.0 minutes of work" in out.getvalue()


def test_a_file_that_is_no_log_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")], io.StringIO()) == 1
    log = tmp_path / "log.json"
    log.write_text("{", encoding="utf-8")
    assert main([str(log)], io.StringIO()) == 1
    assert capsys.readouterr().err.count("error: ") == 2


def test_no_workers_are_no_plan() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["log", "--workers=0"], io.StringIO())
    assert stopped.value.code == 2
