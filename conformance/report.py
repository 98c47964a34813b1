"""Reports of runs: compares two, or makes the page of one."""

import os
import sys

from conformance.results.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, sys.stdout))
