"""Public names for rules that tell editors of a language."""

load(
    "//tools/implementation/private:editor_info.bzl",
    _EditorInfo = "EditorInfo",
    _editor_info = "editor_info",
    _editor_path = "editor_path",
    _generated_place = "generated_place",
    _made_by_rules = "made_by_rules",
)

EditorInfo = _EditorInfo
editor_info = _editor_info
editor_path = _editor_path
generated_place = _generated_place
made_by_rules = _made_by_rules
