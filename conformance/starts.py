"""How long the programs take to be there."""

import sys

from conformance.runner.starts import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
