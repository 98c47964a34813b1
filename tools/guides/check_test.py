"""The check as a whole."""

import io
from pathlib import Path

from tools.guides.check import main


def test_pages_are_played_and_failures_named(tmp_path: Path) -> None:
    guide = tmp_path / "docs" / "guide"
    guide.mkdir(parents=True)
    (guide / "good.md").write_text("```sh\ntrue\n```\n")
    (guide / "none.md").write_text("no commands\n")
    (tmp_path / "README.md").write_text("```\nfalse\n```\n\n```sh\ntrue\n```\n")
    (guide / "rotten.md").write_text("text\n\n```sh\necho why; exit 3\n```\n")
    out = io.StringIO()
    assert main([], str(tmp_path), out) == 1
    assert "docs/guide/rotten.md:3: exit code 3\necho why; exit 3\n\nwhy\n" in out.getvalue()
    assert out.getvalue().endswith("2 of 3 pages do what they say\n")
    assert main(["docs/guide/good.md"], str(tmp_path), out) == 0
    assert main(["docs/guide/lost.md"], str(tmp_path), out) == 2
