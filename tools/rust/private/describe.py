"""Describes our own crates and the third-party ones to rust-analyzer: `rust-project.json`.

Source: https://rust-analyzer.github.io/book/non_cargo_based_projects.html. Third-party crates are what
`cargo metadata` says, as far as they are compiled; those that only a build script uses are left out,
and so is what build scripts write.
"""

import json
import shutil
import sys
import tarfile
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Final

_LIBRARIES: Final = frozenset({"lib", "rlib", "proc-macro"})
# Of a crate, what editors read.
_READ: Final = (".md", ".rs", ".toml")


class Crates:
    """The third-party crates that a root's code may reach, each after those that it uses."""

    def __init__(self, metadata: Mapping[str, Any], compiled: Set[str]) -> None:
        """`metadata` is what `cargo metadata` prints, which has more than is `compiled`."""
        self._compiled = compiled
        self._packages = {one["id"]: one for one in metadata["packages"]}
        self._nodes = {one["id"]: one for one in metadata["resolve"]["nodes"]}
        self._root = metadata["resolve"]["root"]
        self.order: list[str] = []
        for _, package in self.used(self._root):
            self._visit(package)

    def used(self, package: str) -> list[tuple[str, str]]:
        """What a package's own code uses: (name in the code, package)."""
        return [
            (one["name"], one["pkg"])
            for one in self._nodes[package]["deps"]
            if any(kind["kind"] is None for kind in one["dep_kinds"])
            and self._library(one["pkg"])["name"].replace("-", "_") in self._compiled
        ]

    def of_the_root(self) -> list[tuple[str, str]]:
        """What the manifest's own package uses."""
        return self.used(self._root)

    def described(self, package: str, sources: str) -> dict[str, Any]:
        """A crate as rust-analyzer knows it; `sources` is the folder that all stand in."""
        found = self._packages[package]
        library = self._library(package)
        features = self._nodes[package]["features"]
        return {
            "cfg": [f'feature="{feature}"' for feature in features],
            "deps": [
                {"crate": self.order.index(below), "name": name}
                for name, below in self.used(package)
            ],
            "display_name": library["name"].replace("-", "_"),
            "edition": library["edition"],
            "env": {"CARGO_PKG_NAME": found["name"], "CARGO_PKG_VERSION": found["version"]},
            "is_proc_macro": "proc-macro" in library["kind"],
            "is_workspace_member": False,
            "root_module": f"{sources}/{library['src_path']}",
            "version": found["version"],
        }

    def folders(self) -> set[str]:
        """The folders of these crates: `vendor/bytes-1.0.0`."""
        return {str(Path(self._packages[one]["manifest_path"]).parent) for one in self.order}

    def _library(self, package: str) -> dict[str, Any]:
        targets = self._packages[package]["targets"]
        [library] = [one for one in targets if _LIBRARIES.intersection(one["kind"])]
        found: dict[str, Any] = library
        return found

    def _visit(self, package: str) -> None:
        if package not in self.order:
            for _, below in self.used(package):
                self._visit(below)
            self.order.append(package)


def project(
    own: Mapping[str, Any], crates: Crates, macros: Mapping[str, str]
) -> list[dict[str, Any]]:
    """All crates, the third-party ones first; `macros` are libraries of macros by crate."""
    described = [crates.described(one, own["sources"]) for one in crates.order]
    for crate in described:
        if crate["is_proc_macro"] and crate["display_name"] in macros:
            crate["proc_macro_dylib_path"] = macros[crate["display_name"]]
    usable = [
        {"crate": crates.order.index(package), "name": name}
        for name, package in crates.of_the_root()
        if name in own["externs"]
    ]
    places = {one["display_name"]: len(described) + n for n, one in enumerate(own["crates"])}
    return described + [
        {
            "cfg": ["test"] if one["kind"] == "test" else [],
            "deps": usable + [{"crate": places[dep], "name": dep} for dep in one["deps"]],
            "display_name": one["display_name"],
            "edition": own["edition"],
            "env": one["env"],
            "is_workspace_member": True,
            "root_module": one["root_module"],
        }
        for one in own["crates"]
    ]


def _crate(library: Path) -> str:
    """The crate that `libbytes-0123456789abcdef.rlib` is."""
    return library.stem.removeprefix("lib").rpartition("-")[0]


def copy_macros(layer: Path, target: Path, place: str) -> dict[str, str]:
    """Copies the compiled macros; returns where editors find them, by crate."""
    found = {}
    for library in sorted(layer.glob("lib*.so")):
        shutil.copy(library, target / library.name)
        found[_crate(library)] = f"{place}/{library.name}"
    return found


def pick(vendor: Path, folders: set[str], target: Path) -> None:
    """Writes a tar of what editors read of some folders of another."""
    with tarfile.open(vendor) as archive, tarfile.open(target, "w") as picked:
        for member in archive:
            folder = "/".join(member.name.split("/")[:2])
            if member.isfile() and folder in folders and member.name.endswith(_READ):
                picked.addfile(member, archive.extractfile(member))


def main(argv: Sequence[str]) -> None:
    """`OWN METADATA VENDOR RUSTC LAYER PROJECT SOURCES MACROS MACROS_PLACE`: files, but for the last."""
    own, metadata, vendor, rustc, layer, described, sources, macros = map(Path, argv[:8])
    compiled = {_crate(library) for library in layer.iterdir()}
    crates = Crates(json.loads(metadata.read_text("utf-8")), compiled)
    libraries = copy_macros(layer, macros, argv[8])
    sysroot = rustc.resolve().parents[1]
    found = {
        "sysroot": str(sysroot),
        "sysroot_src": str(sysroot / "lib/rustlib/src/rust/library"),
        "crates": project(json.loads(own.read_text("utf-8")), crates, libraries),
    }
    described.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    pick(vendor, crates.folders(), sources)


if __name__ == "__main__":
    main(sys.argv[1:])
