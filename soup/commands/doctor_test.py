"""What is missing is told, to people and to programs."""

import json

from soup.fakes.calling import call
from soup.workspace import Workspace


def test_what_is_missing_is_told(workspace: Workspace) -> None:
    def rule(language: str, missing: str) -> str:
        machine = [
            {"wanted": "a tool", "install": "none"},
            {"wanted": f"{language} 1.26", "install": "fetch it"},
        ]
        texts = {
            "language": language,
            "missing": missing,
            "requires": json.dumps({"machine": machine}),
        }
        values = [{"name": name, "stringValue": value} for name, value in texts.items()]
        return json.dumps({"rule": {"attribute": values}}) + "\n"

    answer = workspace.root / "answer"
    answer.write_text(rule("go", ""), "utf-8")
    assert call("doctor").exit_code == 0
    answer.write_text(rule("python", "") + rule("go", "no Go 1.26 (none): fetch it"), "utf-8")
    result = call("doctor")
    assert result.exit_code == 1
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["language", "needs", "state", "install"],
        ["go", *["a", "tool,", "go", "1.26", "no", "Go", "1.26", "(none)", "fetch", "it"]],
        ["python", *["a", "tool,", "python", "1.26", "ok"]],
    ]
    assert json.loads(call("doctor", "--json").stdout) == [
        {
            "language": "go",
            "ok": False,
            "needs": ["a tool", "go 1.26"],
            "missing": "no Go 1.26 (none): fetch it",
            "install": "fetch it",
        },
        {"language": "python", "ok": True, "needs": ["a tool", "python 1.26"]},
    ]
