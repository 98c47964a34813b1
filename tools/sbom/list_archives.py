"""Writes the list of all third-party archives: `list_archives --out FILE --archives REPOSITORY=FILE... BILLS...`.

A line of tab-separated fields for each: package URL, licence, digest, the repositories that fetch it, the programs
that have it.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tools.sbom.components import Component, ComponentError, components

_HEAD = ("package", "licence", "digest", "fetched by", "in programs")
_NOWHERE = "-"


def used(bills: Iterable[str]) -> dict[str, list[str]]:
    """The programs that have an archive, by its package URL; given the texts of bills of materials."""
    programs = defaultdict(list)
    for text in bills:
        bill = json.loads(text)
        program = bill["metadata"]["component"]
        name = f"{program['group'].rpartition('/')[2]}/{program['name']}"
        for part in bill["components"]:
            programs[part["purl"]].append(name)
    return programs


def table(
    archives: Mapping[str, Iterable[Component]], programs: Mapping[str, Sequence[str]]
) -> list[str]:
    """The lines for archives by repository, and the programs by package URL.

    ComponentError where a program has an archive that no repository fetches.
    """
    fetched: dict[Component, list[str]] = defaultdict(list)
    licences: dict[Component, str] = {}
    for repository, found in archives.items():
        for each in found:
            # A Debian package may have its licence in another, which not every repository fetches.
            archive = each._replace(licence="")
            fetched[archive].append(repository)
            licences[archive] = licences.get(archive) or each.licence
    unknown = programs.keys() - {each.purl.to_string() for each in fetched}
    if unknown:
        raise ComponentError(f"in a program, but fetched by no repository: {min(unknown)}")
    lines = [
        (
            each.purl.to_string(),
            licences[each] or _NOWHERE,
            f"{each.algorithm}:{each.digest}",
            " ".join(sorted(repositories)),
            " ".join(sorted(programs.get(each.purl.to_string(), ()))) or _NOWHERE,
        )
        for each, repositories in fetched.items()
    ]
    return ["\t".join(fields) for fields in [_HEAD, *sorted(lines)]]


def main(argv: Sequence[str]) -> int:
    """See the head of this file."""
    parser = argparse.ArgumentParser(description="Writes the list of all third-party archives.")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--archives", required=True, action="append")
    parser.add_argument("bills", nargs="*", type=Path)
    options = parser.parse_args(argv)
    archives: dict[str, list[Component]] = {}
    try:
        for repository, _, path in (text.partition("=") for text in options.archives):
            archives[repository] = components([Path(path)])
        lines = table(archives, used(path.read_text("utf-8") for path in options.bills))
    except ComponentError as error:
        print(error, file=sys.stderr)
        return 1
    options.out.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
