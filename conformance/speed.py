"""What a permutation of the Stock matrix costs."""

import sys

from conformance.runner.speed import speed
from conformance.stock import matrix_config

if __name__ == "__main__":
    sys.exit(speed(matrix_config.SUITES, sys.argv[1:], sys.stdout))
