#!{interpreter} -IS
"""Runs {main} with the declared import roots only.

-I and -S keep out what the machine's Python has installed and what the environment says to Python.
"""

import os
import runpy
import sys


def _runfiles(program):
    """The tree of runfiles beside the program, or the tree that the program stands in."""
    while True:
        if os.path.isdir(program + ".runfiles"):
            return program + ".runfiles"
        around, inside, _ = program.rpartition(".runfiles" + os.sep)
        if inside:
            return around + ".runfiles"
        if not os.path.islink(program):
            sys.exit("error: no runfiles beside " + program + ": build it with Bazel, and copy them along")
        program = os.path.join(os.path.dirname(program), os.readlink(program))


def _main():
    # A worker may run actions in the root folder: Bazel puts a slash more before their paths, which abspath keeps.
    root = _runfiles("/" + os.path.abspath(__file__).lstrip("/"))
    imports = [os.path.join(root, path) for path in {imports}]
    sys.path.extend(imports)
    # Bytecode is no declared output.
    sys.dont_write_bytecode = True
    # For the runfiles library, and for children that are plain Python.
    os.environ["RUNFILES_DIR"] = root
    os.environ["PYTHONPATH"] = os.pathsep.join(imports)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    arguments = [
        os.path.join(root, argument.removeprefix("runfiles:")) if argument.startswith("runfiles:") else argument
        for argument in {arguments}
    ]
    sys.argv[1:1] = arguments
    runpy.run_path(os.path.join(root, "{main}"), run_name="__main__")


if __name__ == "__main__":
    _main()
