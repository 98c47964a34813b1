"""Writes docs/guide/certificates.md from the results of runs of the matrix."""

import os
import sys

from conformance.runner.certificates import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
