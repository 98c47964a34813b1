"""The generated rc file and the modules that it names."""

from pathlib import Path

from tools.bazel.prefix import layout
from tools.bazel.prefix.bazelrc import bazelrc
from tools.bazel.prefix.modules import STUBS, overrides, write_stubs


def test_every_line_is_a_flag_of_the_prefix() -> None:
    lines = bazelrc(Path("/p"), Path("/o")).splitlines()
    assert "startup --output_user_root=/o" in lines
    assert "common --override_module=rules_cc=/p/usr/share/bazel/rules/cc" in lines
    assert "common --registry=file:///p/stock/registry" in lines
    assert all(line.startswith(("#", "startup --", "common --")) for line in lines)


def test_the_stubs_stand_where_the_overrides_look(tmp_path: Path) -> None:
    write_stubs(tmp_path)
    for name in STUBS:
        module = tmp_path / overrides()[name] / "MODULE.bazel"
        assert module.read_text() == f'module(name = "{name}")\n'
    assert list((tmp_path / layout.REGISTRY).iterdir()) == []
