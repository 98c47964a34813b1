"""Prints what a program of the rules sees of the machine's Python, as JSON."""

import json
import os
import sys

from tools.python.tests.fake import event


def main() -> None:
    """Prints one line."""
    json.dump(
        {
            "arguments": sys.argv[1:],
            "event": event("k").key,
            "isolated": sys.flags.isolated,
            "modules": sorted(sys.modules),
            "path": sys.path,
            "runfiles": os.environ["RUNFILES_DIR"],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
