"""Writes docs/status.md from the results of a run of the whole matrix."""

import os
import sys

from conformance.runner.status import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
