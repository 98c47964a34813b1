"""What Rust the project needs and what installs it."""

load("//tools/implementation:requirements.bzl", "requirement")

RUST = requirement(
    name = "Rust",
    at_least = (1, 95),
    debian = "Debian 12 has 1.63",
    install = "install a stable toolchain by rustup, or put a newer rustc and cargo on PATH",
    purpose = "fetches the crates and compiles",
)

# Commands that are tried, in this order; a shim of rustup is asked for the toolchain behind it.
RUST_COMMANDS = [
    "rustc",
    "/usr/local/cargo/bin/rustc",
]

# What rustc does not bring.
CC_COMMAND = "cc"
LINKER = requirement(
    name = "linker for Rust",
    install = "apt-get install gcc, or install clang",
    purpose = "links, and compiles the C of aws-lc",
)

# Components of rustup that only the checks of style need: program -> what it is of.
COMPONENTS = {
    program: requirement(
        name = component,
        install = "rustup component add " + component,
        purpose = purpose,
        without = "the check is skipped",
    )
    for program, component, purpose in [
        ("clippy-driver", "clippy", "lints"),
        ("rustfmt", "rustfmt", "checks the format"),
    ]
}

# Of the language, for all our own crates.
EDITION = "2024"
