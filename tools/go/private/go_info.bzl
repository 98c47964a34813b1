"""Providers of the Go rules, and what several of them name."""

# For actions that compile the standard library, or read it.
GO_STD = attr.label(
    cfg = "exec",
    default = "@go//:std",
    doc = "The sources of Go's standard library.",
)

GoInfo = provider(
    doc = "Compiled packages that others may import.",
    fields = {
        "direct": "tuple of packages that a dependent may import: struct(importpath, archive, srcs), " +
                  "srcs a tuple of files.",
        "packages": "depset of packages as in `direct`: these and all of this module below them.",
    },
)

GoSourcesInfo = provider(
    doc = "A package's sources, for the test that is compiled together with them.",
    fields = {
        "archive": "File: the compiled package; None where the package is a program.",
        "deps": "list of `GoInfo`: what the sources import.",
        "importpath": "string: the package's import path.",
        "srcs": "list of Files.",
    },
)

GoTestInfo = provider(
    doc = "A test as its linters see it.",
    fields = {
        "archive": "File: the package under test compiled with the test's own sources of that package.",
        "deps": "list of `GoInfo`: what the package and the test import.",
        "importpath": "string: import path of the package under test.",
        "library_srcs": "list of Files: the package's sources.",
        "test_srcs": "list of Files: the test's sources.",
    },
)

GoLayerInfo = provider(
    doc = "The dependency layer: Go's standard library and all third-party packages, compiled.",
    fields = {
        "archives": "File: directory with `IMPORT/PATH.a` for each package.",
        "components": "File: tells of the third-party modules, one a line.",
        "index": "File: JSON list of the packages: where their sources are and what they import.",
        "lang": "string: version of the language: `go1.26`.",
        "module": "string: import path of the module whose dependencies these are.",
        "root": "string: path of the folder of the module, which the index is relative to.",
        "srcs": "list of Files: the third-party sources.",
    },
)
