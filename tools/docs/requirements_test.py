"""The page of build requirements: a section a language, a row for each need and each library."""

from typing import Any

from tools.docs.requirements import page


def _library(name: str, version: str = "", note: str = "") -> dict[str, str]:
    return {"name": name, "version": version, "note": note}


def _entry(language: str) -> dict[str, Any]:
    need = {
        "wanted": "Go 1.26 or newer",
        "purpose": "compiles",
        "debian": "Debian 12 has 1.19",
        "install": "unpack it | fetch it",
        "without": "`not_run`",
    }
    return {
        "language": language,
        "requires": {
            "machine": [need, need | {"wanted": "tool", "debian": ""}],
            "locks": ["go/go.mod", "go/go.sum"],
            "fetched_by": "go",
            "libraries": {
                "grpc": _library("grpc-go", "1.85.0"),
                "protobuf": _library("protobuf-go", "1.36"),
                "transport": _library("grpc-go", note="its own"),
                "tls_stack": _library("crypto/tls"),
            },
        },
    }


def test_the_page() -> None:
    text = page("# Needs\n\nWords.\n", {"implementations": [_entry("rust"), _entry("go")]})
    assert text.startswith("# Needs\n\nWords.\n\n## go\n")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    section = text.partition("## rust\n")[2].splitlines()
    assert section == [
        "",
        "| on the machine | what for | how it gets there on Debian 12 | without it |",
        "|---|---|---|---|",
        r"| Go 1.26 or newer | compiles | Debian 12 has 1.19: unpack it \| fetch it | `not_run` |",
        r"| tool | compiles | unpack it \| fetch it | `not_run` |",
        "",
        "Fetched by go, pinned in [`go/go.mod`](../../go/go.mod), [`go/go.sum`](../../go/go.sum):",
        "",
        "| part | library | |",
        "|---|---|---|",
        "| gRPC | grpc-go 1.85.0 |  |",
        "| Protocol Buffers | protobuf-go 1.36 |  |",
        "| HTTP/2 | grpc-go | its own |",
        "| TLS | crypto/tls |  |",
    ]
