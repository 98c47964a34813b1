"""Writes the BUILD files of the wheels' repository: `wheels_build.py SITE REPORT`, run at its root.

BUILD.bazel has one py_library for each distribution installed under SITE; bin/BUILD.bazel an alias for
each program among the distributions' scripts. What pip's report and the distributions say of each wheel is
written under components/, and of all of them to archives.jsonl.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

_HEAD = """\
load("@@//tools/python:defs.bzl", "py_library")

package(default_visibility = ["//visibility:public"])
"""

_LIBRARY = """
py_library(
    name = {name!r},
    srcs = {srcs!r},
    data = {data!r},
    components = [{component!r}],
    imports = [{site!r}],
    deps = {deps!r},
)
"""

_EVERYTHING = """
py_library(
    name = "everything",
    deps = {deps!r},
)
"""

_ARCHIVES = """
filegroup(
    name = "archives",
    srcs = ["archives.jsonl"],
)
"""

_PROGRAM = """
alias(
    name = {name!r},
    actual = {actual!r},
    visibility = ["//visibility:public"],
)
"""


def _files(distribution: metadata.Distribution, site: str) -> list[str]:
    """The distribution's files with the bytecode that stands beside its modules."""
    files = (
        path for path in distribution.files or () if path.parts[0] not in ("..", "bin", "include")
    )
    # RECORD names this machine's scripts; Bazel refuses labels with spaces, which only templates have.
    found = [f"{site}/{path}" for path in files if path.name != "RECORD" and " " not in str(path)]
    compiled = (cache_from_source(path) for path in found if path.endswith(".py"))
    return sorted([*found, *(path for path in compiled if Path(path).exists())])


def _dependencies(distribution: metadata.Distribution) -> Iterator[str]:
    # From the lock itself: the standard library does not evaluate markers.
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    for requirement in map(Requirement, distribution.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def libraries(site: str) -> str:
    """The text of the root's BUILD file."""
    from packaging.utils import canonicalize_name

    found = {canonicalize_name(d.metadata["Name"]): d for d in metadata.distributions(path=[site])}
    text = _HEAD
    for name, distribution in sorted(found.items()):
        files = _files(distribution, site)
        text += _LIBRARY.format(
            name=name,
            srcs=[path for path in files if path.endswith((".py", ".pyi"))],
            data=[path for path in files if not path.endswith((".py", ".pyi"))],
            component=f"components/{name}.jsonl",
            site=site,
            deps=[
                f":{other}"
                for other in sorted(set(_dependencies(distribution)) & found.keys() - {name})
            ],
        )
    return text + _EVERYTHING.format(deps=[f":{name}" for name in sorted(found)])


def _field(fields: metadata.PackageMetadata, name: str) -> str:
    return next(iter(fields.get_all(name) or []), "")


def licence(fields: metadata.PackageMetadata) -> str:
    """What a wheel says of its licence: an expression, a name, or its classifiers; empty where it says nothing."""
    classifiers = [
        classifier.rpartition(" :: ")[2]
        for classifier in fields.get_all("Classifier") or ()
        if classifier.startswith("License :: ")
    ]
    name = _field(fields, "License")
    # Some have the whole text in the field for the name.
    return (
        _field(fields, "License-Expression")
        or (name if "\n" not in name else "")
        or " and ".join(classifiers)
    )


def components(site: str, report: Mapping[str, Any]) -> dict[str, str]:
    """A line for each installed wheel, by the distribution's name: what it is and what it was checked by."""
    from packaging.utils import canonicalize_name

    fields = {
        canonicalize_name(d.metadata["Name"]): d.metadata
        for d in metadata.distributions(path=[site])
    }
    lines: dict[str, str] = {}
    for installed in report["install"]:
        name = canonicalize_name(installed["metadata"]["name"])
        line = {
            "hash": installed["download_info"]["archive_info"]["hash"].replace("=", ":"),
            "licence": licence(fields[name]),
            "licence_text": "",
            "purl": f"pkg:pypi/{name}@{installed['metadata']['version']}",
        }
        lines[name] = json.dumps(line) + "\n"
    return lines


def programs(paths: Iterable[Path]) -> tuple[str, str]:
    """The lines that the root's BUILD file needs, and the text of bin's."""
    exported = [path for path in sorted(paths) if not path.read_bytes().startswith(b"#!")]
    root = f"\nexports_files({[path.as_posix() for path in exported]!r})\n"
    return root, "".join(
        _PROGRAM.format(
            name=path.stem if path.suffix == ".exe" else path.name, actual=f"//:{path.as_posix()}"
        )
        for path in exported
    )


def main(site: str, report: str) -> None:
    """Writes the files under the working directory."""
    sys.path.append(site)
    lines = components(site, json.loads(Path(report).read_text("utf-8")))
    Path("components").mkdir()
    for name, line in lines.items():
        Path(f"components/{name}.jsonl").write_text(line, encoding="utf-8")
    Path("archives.jsonl").write_text("".join(sorted(lines.values())), encoding="utf-8")
    root, binaries = programs(Path(site, "bin").iterdir())
    Path("BUILD.bazel").write_text(libraries(site) + _ARCHIVES + root, encoding="utf-8")
    Path("bin").mkdir()
    Path("bin/BUILD.bazel").write_text(binaries.lstrip("\n"), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
