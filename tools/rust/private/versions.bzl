"""What Rust the project needs and what installs it."""

RUST_AT_LEAST = (1, 95)

# Commands that are tried, in this order; a shim of rustup is asked for the toolchain behind it.
RUST_COMMANDS = [
    "rustc",
    "/usr/local/cargo/bin/rustc",
]
RUST_INSTALL = "install a stable toolchain by rustup, or put a newer rustc and cargo on PATH"

# What links; rustc brings everything else.
CC_COMMAND = "cc"
CC_INSTALL = "install gcc or clang"
