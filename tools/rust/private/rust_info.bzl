"""Providers of the Rust rules."""

RustInfo = provider(
    doc = "A compiled library that other crates may use.",
    fields = {
        "crate": "string: the crate's name.",
        "library": "File: the rlib.",
        "libraries": "depset of Files: this rlib and those of our own crates below it.",
        "srcs": "depset of Files: the sources of this crate and of those below it; a directory may be one of them.",
    },
)

RustCrateInfo = provider(
    doc = "One of our own crates as its compiler sees it.",
    fields = {
        "deps": "list of `RustInfo`: our own crates that it uses.",
        "env": "dict of strings: what `env!` reads.",
        "kind": "string: `lib`, `bin` or `test`.",
        "name": "string: the crate's name.",
        "root": "string: path of the source that the compiler is given.",
        "srcs": "list of Files: all sources and what they include; a directory may be one of them.",
    },
)

RustLayerInfo = provider(
    doc = "The dependency layer: all third-party crates, compiled.",
    fields = {
        "components": "list of Files that tell of the crates, each named for one of `externs`.",
        "crates": "File: directory with the rlibs and the libraries of procedural macros.",
        "externs": "list of strings: names of the crates that our own may use.",
    },
)
