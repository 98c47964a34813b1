"""Renders what starlark_doc_extract wrote as a page: `render.py MODULE_INFO PAGE`."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.docs import module_info_pb2 as info


def _cell(text: str) -> str:
    # A table's cell is one line.
    return re.sub(r"\s*\n\s*", " ", text.strip()).replace("|", "\\|")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield ""
        yield f"| {' | '.join(heads)} |"
        yield f"|{'---|' * len(heads)}"
        yield from (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in found)


def _default(mandatory: bool, value: str) -> str:
    return "required" if mandatory else f"`{value}`" if value else ""


def _section(name: str, doc: str) -> Iterator[str]:
    yield ""
    yield f"## {name}"
    yield ""
    yield doc.strip()


def _rule(rule: info.Rule) -> Iterator[str]:
    yield from _section(rule.rule_name, rule.doc_string)
    rows = (
        (
            f"`{attribute.name}`",
            info.Attribute.Type.Name(attribute.type).lower().replace("_", " "),
            _default(attribute.mandatory, attribute.default_value),
            attribute.doc_string,
        )
        for attribute in rule.attribute
    )
    yield from _table(("attribute", "type", "default", "meaning"), rows)


def _provider(provider: info.Provider) -> Iterator[str]:
    yield from _section(provider.provider_name, provider.doc_string)
    rows = ((f"`{field.name}`", field.doc_string) for field in provider.field_info)
    yield from _table(("field", "meaning"), rows)


def _function(function: info.Function) -> Iterator[str]:
    yield from _section(function.function_name, function.doc_string)
    rows = (
        (
            f"`{parameter.name}`",
            _default(parameter.mandatory, parameter.default_value),
            parameter.doc_string,
        )
        for parameter in function.parameter
    )
    yield from _table(("parameter", "default", "meaning"), rows)
    result = getattr(function, "return").doc_string.strip()
    if result:
        yield ""
        yield f"Returns: {_cell(result)}"


def page(module: info.ModuleInfo) -> str:
    """The module's public names as Markdown; ValueError names what has no doc."""
    lines = [f"# {module.file}", "", module.module_docstring.strip()]
    for rule in module.rule_info:
        lines += _rule(rule)
    for provider in module.provider_info:
        lines += _provider(provider)
    for function in module.func_info:
        lines += _function(function)
    undocumented = [name for name, doc in _docs(module) if not doc.strip()]
    if undocumented:
        raise ValueError(f"{module.file}: no doc on {', '.join(undocumented)}")
    lines += ["", "Made from the rules' own docs; renew with `./bazelw run //docs/rules:update`."]
    return "\n".join(lines) + "\n"


def _docs(module: info.ModuleInfo) -> Iterator[tuple[str, str]]:
    yield module.file, module.module_docstring
    for rule in module.rule_info:
        yield rule.rule_name, rule.doc_string
        yield from ((f"{rule.rule_name}.{a.name}", a.doc_string) for a in rule.attribute)
    for provider in module.provider_info:
        yield provider.provider_name, provider.doc_string
        yield from (
            (f"{provider.provider_name}.{f.name}", f.doc_string) for f in provider.field_info
        )
    for function in module.func_info:
        yield function.function_name, function.doc_string
        yield from (
            (f"{function.function_name}({p.name})", p.doc_string) for p in function.parameter
        )


def main(source: Path, target: Path) -> None:
    """Reads one file, writes the other."""
    module = info.ModuleInfo.FromString(source.read_bytes())
    target.write_text(page(module), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
