"""A page holds every name and every doc, and nothing goes without one."""

import pytest

from tools.docs import module_info_pb2 as info
from tools.docs.render import page


def _module() -> info.ModuleInfo:
    module = info.ModuleInfo(file="//tools/x:defs.bzl", module_docstring="Rules of X.")
    rule = module.rule_info.add(rule_name="x_library", doc_string="A library.\n\nMore.")
    rule.attribute.add(
        name="srcs",
        doc_string="Sources,\none | many.",
        type=info.Attribute.Type.LABEL_LIST,
        mandatory=True,
    )
    rule.attribute.add(
        name="deps", doc_string="Others.", type=info.Attribute.Type.LABEL_LIST, default_value="[]"
    )
    provider = module.provider_info.add(provider_name="XInfo", doc_string="What X gives.")
    provider.field_info.add(name="files", doc_string="Its files.")
    function = module.func_info.add(function_name="x_compile", doc_string="Compiles.")
    function.parameter.add(name="ctx", doc_string="The context.", mandatory=True)
    getattr(function, "return").doc_string = "A file."
    return module


def test_the_page() -> None:
    assert page(_module()).splitlines() == [
        "# //tools/x:defs.bzl",
        "",
        "Rules of X.",
        "",
        "## x_library",
        "",
        "A library.",
        "",
        "More.",
        "",
        "| attribute | type | default | meaning |",
        "|---|---|---|---|",
        "| `srcs` | label list | required | Sources, one \\| many. |",
        "| `deps` | label list | `[]` | Others. |",
        "",
        "## XInfo",
        "",
        "What X gives.",
        "",
        "| field | meaning |",
        "|---|---|",
        "| `files` | Its files. |",
        "",
        "## x_compile",
        "",
        "Compiles.",
        "",
        "| parameter | default | meaning |",
        "|---|---|---|",
        "| `ctx` | required | The context. |",
        "",
        "Returns: A file.",
        "",
        "Made from the rules' own docs; renew with `./bazelw run //docs/rules:update`.",
    ]


def test_what_has_no_doc_is_named() -> None:
    module = _module()
    module.rule_info[0].attribute[1].doc_string = ""
    module.func_info[0].doc_string = " "
    with pytest.raises(ValueError, match=r"defs.bzl: no doc on x_library.deps, x_compile$"):
        page(module)
