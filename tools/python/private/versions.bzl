"""What Python the project needs and what installs it."""

load("//tools/implementation:requirements.bzl", "requirement")

PYTHON = requirement(
    name = "Python",
    at_least = (3, 11),
    install = "apt-get install python3 (Debian 12 or newer), or put another Python 3.11 or newer on PATH",
    purpose = "runs the programs in Python, the matrix, and much of the build",
    without = "nothing is built: Bazel ends with the reason",
)
PIP = requirement(
    name = "pip",
    install = "apt-get install python3-pip, or run `python3 -m ensurepip`",
    purpose = "fetches the wheels",
    without = "Debian's is fetched and used where there is apt; else Bazel ends with the reason",
)

# Commands that are tried, in this order.
PYTHON_NAMES = [
    "python3",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
]
