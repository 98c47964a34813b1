"""What Go the project needs and what installs it."""

load("//tools/implementation:requirements.bzl", "requirement")

GO = requirement(
    name = "Go",
    at_least = (1, 26),
    debian = "Debian 12 has 1.19",
    install = "unpack Go's own release to /usr/local/go, or put a newer go on PATH",
    purpose = "fetches the modules, compiles, links, vets and formats",
)

# Commands that are tried, in this order.
GO_COMMANDS = [
    "go",
    "/usr/local/go/bin/go",
]
