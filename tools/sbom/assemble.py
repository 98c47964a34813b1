"""Writes a program's bill of materials: `assemble --program PATH --version VERSION --out FILE COMPONENTS...`.

CycloneDX 1.6 in JSON. Nothing in it depends on when or where it was made: there is no time, and the serial number is
of the content.
"""

import argparse
import json
import sys
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as Part
from cyclonedx.model.component import ComponentScope, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.sbom.components import Component, ComponentError, components

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "tofusoup.dev")
_LICENCE = "Apache-2.0"
"""The project's own."""


def _licences(text: str) -> list[Any]:
    declared = LicenseAcknowledgement.DECLARED
    return (
        [LicenseFactory().make_from_string(text, license_acknowledgement=declared)] if text else []
    )


def part(component: Component) -> Part:
    """A component as CycloneDX has it."""
    purl = component.purl
    return Part(
        type=ComponentType.LIBRARY,
        bom_ref=purl.to_string(),
        group=purl.namespace,
        name=purl.name,
        version=purl.version,
        purl=purl,
        scope=ComponentScope.REQUIRED,
        hashes=[HashType(alg=HashAlgorithm(component.algorithm), content=component.digest)],
        licenses=_licences(component.licence),
    )


def bill(program: str, version: str, found: Iterable[Component]) -> str:
    """The text of the bill of materials of a program, `go/stock_server`, that has some components."""
    folder, _, name = program.rpartition("/")
    purl = PackageURL("generic", f"stock/{folder}", name, version)
    root = Part(
        type=ComponentType.APPLICATION,
        bom_ref=purl.to_string(),
        group=purl.namespace,
        name=name,
        version=version,
        purl=purl,
        licenses=_licences(_LICENCE),
    )
    bom = Bom(components=map(part, found))
    bom.metadata.component = root
    bom.register_dependency(root, bom.components)
    told = json.loads(JsonV1Dot6(bom).output_as_string())
    # The library sets both, each time anew.
    del told["metadata"]["timestamp"], told["serialNumber"]
    content = json.dumps(told, sort_keys=True)
    told["serialNumber"] = uuid.uuid5(_NAMESPACE, content).urn
    return json.dumps(told, indent=2, sort_keys=True) + "\n"


def main(argv: Sequence[str]) -> int:
    """See the head of this file."""
    parser = argparse.ArgumentParser(description="Writes a program's bill of materials.")
    parser.add_argument("--program", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(argv)
    try:
        text = bill(options.program, options.version, components(options.files))
    except ComponentError as error:
        print(error, file=sys.stderr)
        return 1
    options.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
