"""What Node.js the project needs and what installs it."""

NODE_AT_LEAST = (20, 0)

# Commands that are tried, in this order.
NODE_COMMANDS = [
    "node",
    "/usr/local/bin/node",
]
NODE_INSTALL = "install Node.js with npm, or put a newer node and npm on PATH"
