"""What there is to tell of a Debian package: its line, its licence, its files."""

import json
from pathlib import Path
from urllib.parse import quote

from tools.bazel.prefix.apt import ARCHITECTURE
from tools.bazel.prefix.packages import Package


def files_of(listing: str) -> list[str]:
    """The paths of the files and links, relative to the root, of what `dpkg-deb --vextract` tells that it unpacks."""
    return [line.removeprefix("./") for line in listing.splitlines() if not line.endswith("/")]


def licence(copyright_file: str) -> str:
    """The licence of most files, by a copyright file that machines can read; empty where it is none.

    Source: Debian's machine-readable copyright format 1.0.
    """
    found = ""
    for paragraph in copyright_file.split("\n\n"):
        fields = {}
        for line in paragraph.splitlines():
            name, colon, value = line.partition(":")
            if colon and not line.startswith((" ", "\t", "#")):
                fields[name.lower()] = value.strip()
        if "files" in fields and fields.get("license"):
            if fields["files"] == "*":
                return fields["license"]
            found = found or fields["license"]
    return found


def describe_archive(package: Package, root: Path, suite: str) -> str:
    """The line that tells of an unpacked package."""
    told = root / "usr/share/doc" / package.name / "copyright"
    version = quote(package.version, safe="~")
    name = quote(package.name, safe="")
    text = told.read_text("utf-8") if told.exists() else ""
    short = licence(text)
    line = {
        "hash": f"sha256:{package.sha256}",
        "licence": short,
        "licence_text": "" if short else text,
        "purl": f"pkg:deb/debian/{name}@{version}?arch={ARCHITECTURE}&distro={suite}",
    }
    return json.dumps(line) + "\n"
