"""A runner that is to be killed: hangs in a case over peers that do not end with their input."""

import sys
from pathlib import Path

from conformance.runner.fakes.bench import getting, implementation, run

if __name__ == "__main__":
    stubborn = ["outlive_input", "leave_child"]
    peers = implementation("stubborn", stubborn, stubborn)
    print("running", flush=True)
    run(Path(sys.argv[1]), [peers], [getting("hang", deadline=600.0)])
