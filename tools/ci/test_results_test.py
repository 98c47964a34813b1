"""Counting results: what counts as passed, failed and skipped, and what can never be a pass."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.ci.test_results import main, results, worst


def _summary(label: str, status: str) -> str:
    return json.dumps(
        {"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}}
    )


def _finished(name: str) -> str:
    return json.dumps({"id": {"buildFinished": {}}, "finished": {"exitCode": {"name": name}}})


def _skipped(label: str) -> str:
    return json.dumps(
        {"id": {"targetCompleted": {"label": label}}, "aborted": {"reason": "SKIPPED"}}
    )


def test_each_status_is_counted() -> None:
    lines = [
        _summary("//a:x_test", "PASSED"),
        _summary("//a:y_test", "FAILED"),
        _summary("//a:z_test", "TIMEOUT"),
        _summary("//a:f_test", "FLAKY"),
        _skipped("//go:store_test"),
        _skipped("//go:stock"),
        _finished("TESTS_FAILED"),
    ]
    assert dict(results(lines, "build")) == {
        "//a:x_test": "passed",
        "//a:y_test": "failed",
        "//a:z_test": "failed",
        "//a:f_test": "failed",
        "//go:store_test": "skipped",
    }


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="empty file"),
        pytest.param([_summary("//a:x_test", "PASSED")], id="interrupted"),
        pytest.param([_finished("BUILD_FAILURE")], id="broken build"),
        pytest.param(["{half an eve"], id="half an event"),
    ],
)
def test_a_build_that_broke_is_a_failure(lines: list[str]) -> None:
    assert ("build", "failed") in list(results(lines, "build"))


def test_a_test_that_left_no_log_was_not_run(tmp_path: Path) -> None:
    empty, full = tmp_path / "an empty.log", tmp_path / "full.log"
    empty.touch()
    full.write_text("exec")
    lines = [
        json.dumps(
            {
                "id": {"testResult": {"label": label}},
                "testResult": {
                    "status": "PASSED",
                    "testActionOutput": [
                        {"name": "test.xml", "uri": "file:///x"},
                        {"name": "test.log", "uri": address},
                    ],
                },
            }
        )
        for label, address in (
            ("//a:empty_test", empty.as_uri()),
            ("//a:full_test", full.as_uri()),
            ("//a:elsewhere_test", "bytestream://cache/blobs/1"),
            ("//a:gone_test", (tmp_path / "gone.log").as_uri()),
        )
    ]
    found = [*results([*lines, _summary("//a:empty_test", "PASSED"), _finished("SUCCESS")], "b")]
    assert worst(found) == {"//a:empty_test": "failed"}


def test_the_worst_result_of_a_name_counts() -> None:
    found = [("a", "failed"), ("a", "passed"), ("b", "skipped"), ("b", "passed")]
    assert worst(found) == {"a": "failed", "b": "passed"}


def _run(tmp_path: Path, capsys: Any, lines: list[str], *arguments: str) -> tuple[int, str]:
    events = tmp_path / "events.json"
    events.write_text("\n".join(lines))
    code = main([str(events), *arguments])
    return code, capsys.readouterr().out.splitlines()[-1]


def test_the_closing_line(tmp_path: Path, capsys: Any) -> None:
    lines = [_summary("//a:x_test", "PASSED"), _skipped("//go:y_test"), _finished("SUCCESS")]
    assert _run(tmp_path, capsys, lines) == (0, "1 passed, 0 failed, 1 skipped")


def test_a_script_counts_as_a_test(tmp_path: Path, capsys: Any) -> None:
    lines = [_summary("//a:x_test", "PASSED"), _finished("SUCCESS")]
    code, line = _run(tmp_path, capsys, lines, "--script=bring-up=1")
    assert (code, line) == (1, "1 passed, 1 failed, 0 skipped")


def test_a_script_that_was_not_run_is_told(tmp_path: Path, capsys: Any) -> None:
    lines = [_summary("//a:x_test", "PASSED"), _finished("SUCCESS")]
    code, line = _run(tmp_path, capsys, lines, "--script=cache=skipped")
    assert (code, line) == (0, "1 passed, 0 failed, 1 skipped")


def test_nothing_passed_is_no_success(tmp_path: Path, capsys: Any) -> None:
    assert _run(tmp_path, capsys, [_finished("SUCCESS")]) == (1, "0 passed, 0 failed, 0 skipped")


def test_a_missing_file_is_a_failure(tmp_path: Path) -> None:
    assert main([str(tmp_path / "absent.json")]) == 1
