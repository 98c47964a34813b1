"""Third-party archives as the repository rules tell of them, one JSON object a line."""

import json
from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from packageurl import PackageURL

_BSD = "redistribution and use in source and binary forms"
_TEXTS = (
    ("GPL-3.0-or-later WITH GCC-exception-3.1", ("gcc runtime library exception",)),
    ("LGPL-2.1-or-later", ("gnu lesser general public license, version 2.1 (or, at your option",)),
    ("MPL-2.0", ("mozilla public license", "version 2.0")),
    ("Apache-2.0", ("apache license", "version 2.0")),
    ("BSD-3-Clause", (_BSD, "neither the name of")),
    ("BSD-2-Clause", (_BSD,)),
    ("ISC", ("permission to use, copy, modify, and/or distribute this software",)),
    ("MIT", ("permission is hereby granted, free of charge, to any person obtaining a copy",)),
)
"""What is in the text of a licence, whatever else its publishers have changed; the first that fits counts."""

_NAMES = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license version 2.0": "Apache-2.0",
    "bsd new license": "BSD-3-Clause",
    "bsd-2-clause or ruby": "BSD-2-Clause OR Ruby",
    "bsd-3-clause~google": "BSD-3-Clause",
    "bsd-3-google": "BSD-3-Clause",
    "expat": "MIT",
    "gpl-2+ or lgpl-3+": "GPL-2.0-or-later OR LGPL-3.0-or-later",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
"""Names that say a licence and its version, Debian's short ones too; small letters, no commas, no article."""


class ComponentError(Exception):
    """A line does not tell what it should; the text says which and what."""


class Component(NamedTuple):
    """One archive: `digest` in hexadecimal digits by `algorithm`, `licence` empty where nothing says it."""

    purl: PackageURL
    licence: str
    algorithm: str
    digest: str


def digest(text: str) -> tuple[str, str]:
    """Algorithm and hexadecimal digits of `sha256:HEX` or `sha256-BASE64`. ValueError for another."""
    algorithm, colon, digits = text.partition(":")
    if not colon:
        algorithm, _, encoded = text.partition("-")
        digits = b64decode(encoded, validate=True).hex()
    if len(bytes.fromhex(digits)) * 8 != int(algorithm.removeprefix("sha")):
        raise ValueError(f"{text}: not a digest of {algorithm}")
    return algorithm.upper().replace("SHA", "SHA-"), digits


def licence_of(text: str) -> str:
    """The SPDX identifier of a licence by its text; empty where it is none of the usual."""
    words = " ".join(text.lower().split())
    for name, phrases in _TEXTS:
        if all(phrase in words for phrase in phrases):
            return name
    return ""


def spdx(name: str) -> str:
    """The SPDX identifier of a licence by a name that publishers have for it; any other name as it is."""
    words = " ".join(name.lower().removeprefix("the ").replace(",", "").split())
    return _NAMES.get(words, name)


def component(line: str) -> Component:
    """What a line tells. Raises ComponentError."""
    try:
        told = json.loads(line)
        algorithm, digits = digest(told["hash"])
        return Component(
            PackageURL.from_string(told["purl"]),
            spdx(told["licence"]) or licence_of(told["licence_text"]),
            algorithm,
            digits,
        )
    except (KeyError, ValueError) as error:
        raise ComponentError(f"{line.strip()}: {error}") from None


def components(files: Iterable[Path]) -> list[Component]:
    """What files tell, each archive once, sorted. Raises ComponentError."""
    lines = {line for file in files for line in file.read_text("utf-8").splitlines() if line}
    return sorted(map(component, lines), key=lambda each: each.purl.to_string())
