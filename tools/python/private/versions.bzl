"""What Python the project needs and what installs it."""

PYTHON_AT_LEAST = (3, 11)

# Commands that are tried, in this order.
PYTHON_NAMES = [
    "python3",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.14",
]
PYTHON_INSTALL = "apt-get install python3 (Debian 12 or newer), or put another Python 3.11 or newer on PATH"
PIP_INSTALL = "apt-get install python3-pip, or run `python3 -m ensurepip`"
