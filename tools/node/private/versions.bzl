"""What Node.js the project needs and what installs it."""

load("//tools/implementation:requirements.bzl", "requirement")

NODE = requirement(
    name = "Node.js",
    at_least = (20, 0),
    debian = "Debian 12 has 18",
    install = "unpack Node.js's own release to /usr/local, or put a newer node on PATH",
    purpose = "runs the programs, and what bundles and checks them",
)
NPM = requirement(
    name = "npm",
    install = "unpack Node.js's own release, which brings it, to /usr/local",
    purpose = "fetches the packages",
)

# Commands that are tried, in this order.
NODE_COMMANDS = [
    "node",
    "/usr/local/bin/node",
]
