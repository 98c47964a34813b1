"""The Stock matrix: every client against every server."""

import os
import sys

from conformance.runner.main import Matrix, main
from conformance.stock import matrix_config

if __name__ == "__main__":
    matrix = Matrix(matrix_config.PROFILES, matrix_config.SUITES)
    sys.exit(main(matrix, sys.argv[1:], os.environ, sys.stdout))
