"""Runs every command of the guides, so that none of them can rot."""

import os
import sys

from tools.guides.check import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ["BUILD_WORKSPACE_DIRECTORY"], sys.stdout))
