"""What is built where nothing else is named."""

from pathlib import Path

import pytest

from tools.remote.main import MATRIX, default_targets, main, verdicts


def test_every_language_is_built(tmp_path: Path) -> None:
    for folder in ("go", "rust", "conformance"):
        (tmp_path / folder).mkdir()
    for folder in ("go", "rust"):
        (tmp_path / folder / "known_failing.toml").touch()
    targets = default_targets(tmp_path)
    assert targets[0] == "//go:stock_server"
    assert "//rust:store_test" in targets
    assert targets[-1] == MATRIX
    assert len(targets) == 11


def test_tests_that_were_not_run_again_are_known() -> None:
    output = """\
INFO: nothing
//conformance:matrix                              (cached) PASSED in 166.6s
//go:store_test                                            PASSED in 0.1s
//go:service_test                                          FAILED in 0.1s
//go:skipped_test                                          SKIPPED
"""
    tests, cached = verdicts(output)
    assert cached == {MATRIX}
    assert tests == {MATRIX, "//go:store_test", "//go:service_test", "//go:skipped_test"}


def test_a_wrong_flag_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--nonsense"])
    assert ended.value.code == 2
    assert "--nonsense" in capsys.readouterr().err


def test_what_is_no_store_or_no_log_is_refused_before_a_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"--filled={tmp_path}"]) == 1
    assert f"{tmp_path} is no store" in capsys.readouterr().err
    (tmp_path / "ac").mkdir()
    assert main([f"--filled={tmp_path}", f"--log={tmp_path}/absent.json"]) == 1
    assert "absent.json" in capsys.readouterr().err
