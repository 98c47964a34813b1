"""What Go the project needs and what installs it."""

GO_AT_LEAST = (1, 26)

# Commands that are tried, in this order.
GO_COMMANDS = [
    "go",
    "/usr/local/go/bin/go",
]
GO_INSTALL = "unpack Go's own release to /usr/local/go, or put a newer go on PATH"
