"""The runner is built and started with what was asked for."""

import pytest

from soup.fakes.calling import call, refused, started
from soup.fakes.workspace import calls, script
from soup.workspace import Workspace


def test_a_pair_is_run_by_the_target_that_builds_no_other(workspace: Workspace) -> None:
    line = started("matrix", "--client", "go", "--server=python", "--quick", "-k", "mtls")
    runner = workspace.built("conformance", "go_python")
    manifest = "--manifest=_main/conformance/go_python_manifest.json"
    asked = ["--client=go", "--server=python", "--profile=quick", "-k", "mtls"]
    assert line == [str(runner), manifest, *asked]
    assert calls(workspace)[0].endswith("//conformance:go_python")


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("--client go --server go", "go_go"),
        ("--client nodejs --server go", "node_go"),
        ("--client go --client rust --server go", "go_rust"),
        ("--client go --client rust --server cpp", "matrix"),
        ("--client go", "matrix"),
        ("--client go --server py*", "matrix"),
        ("--client runner --server go", "go_go"),
        ("--client mine --server go", "go_go"),
        ("--client mine --server mine", "python_python"),
    ],
)
def test_no_more_is_built_than_is_asked_for(workspace: Workspace, line: str, target: str) -> None:
    started("matrix", *line.split(), "--implementation=mine=s,c")
    assert calls(workspace)[0].endswith(f"//conformance:{target}")


def test_who_has_no_part_is_left_out(workspace: Workspace) -> None:
    (workspace.root / "soup.toml").write_text("[stock.own]\nserver = '/s'", "utf-8")
    line = started("matrix", "--client=go", "--server=go")
    assert not [word for word in line if word.startswith("--implementation")]
    given = ["--implementation=own=/t,", *["--implementation=own.server-arg=-v"] * 2]
    line = started("matrix", "--client=go", "--server=own", *given)
    assert [word for word in line if word.startswith("--implementation")] == given


def test_a_matrix_is_given_what_soup_toml_has(workspace: Workspace) -> None:
    toml = "[stock.own]\nserver = 's'\n[stock.go]\nserver = '/g'\nclient = '/c'"
    (workspace.root / "soup.toml").write_text(toml, "utf-8")
    line = started(
        "matrix", "--client=own", "--server=py*", "--implementation", "x=/s,", "--report=r"
    )
    root = workspace.root
    assert line[:2] == [
        str(workspace.built("conformance", "matrix")),
        "--manifest=_main/conformance/manifest.json",
    ]
    assert line[4:] == [
        f"--implementation=own={root}/s,",
        "--implementation=go=/g,/c",
        "--implementation=x=/s,",
        "--report=r",
    ]
    (workspace.root / "soup.toml").write_text("[stock.own]\nserver = 'a,b'", "utf-8")
    assert "stock.own.server: the runner takes no path with a comma" in refused("matrix")
    (workspace.root / "soup.toml").unlink()
    assert "unknown language 'ow': did you mean" in refused(
        "matrix", "--client=ow", "--implementation=own=,"
    )


def test_a_build_that_fails_is_no_pass(workspace: Workspace) -> None:
    (workspace.root / "broken").touch()
    assert "ERROR: it is broken" in refused("matrix", "--client=go", "--server=go", code=4)


def test_the_page_of_a_run_is_shown(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_page(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", open_page)
    runner = workspace.built("conformance", "go_go")
    # `bazelw` would make it, and here leaves it alone.
    (workspace.root / "bazelw").write_text("#!/bin/sh\n", "utf-8")
    script(runner, '#!/bin/sh\nmkdir -p r; echo page > r/report.html; echo "$*" > r/line; exit 1\n')
    result = call("matrix", "--client=go", "--server=go", "--open", "--report", "r")
    assert result.exit_code == 1
    assert opened == [(workspace.root / "r/report.html").as_uri()]
    assert "--report=r" in (workspace.root / "r/line").read_text("utf-8")
