"""The interpreters that TofuSoup starts programs with, in a folder for PATH.

It takes them from PATH by name. Those that the programs were built with need not be there, or may be others; so
each is found in what starts the program.
"""

import re
import shlex
import sys
from pathlib import Path
from typing import Final

from conformance.life.programs import Implementation

# By language: the command, and where the program's own text names it.
_NAMED: Final = {
    "java": ("java", re.compile(rb"'(/[^']*/bin/java)'")),
    "node": ("node", re.compile(rb"^#!.*?(/\S*/node\S*)")),
}


def put_commands(folder: Path, of: Implementation) -> Path:
    """Makes the folder with the interpreter of a language, if it needs one; returns it."""
    folder.mkdir()
    (folder / "python3").symlink_to(sys.executable)
    if of.language in _NAMED:
        command, pattern = _NAMED[of.language]
        found = pattern.search(Path(of.server).read_bytes())
        assert found, f"{of.server} names no {command}"
        (folder / command).symlink_to(found[1].decode())
    if of.language == "ruby":
        _put_ruby(folder / "ruby", Path(of.server))
    return folder


def _put_ruby(command: Path, program: Path) -> None:
    # Debian's, unpacked: it finds its libraries where it is told to.
    text = program.read_text()
    layer = re.search(r'LD_LIBRARY_PATH="\$root/(.*)/lib"', text)
    assert layer, f"{program} names no layer"
    runfiles = next(p for p in program.parents if p.name.endswith(".runfiles"))
    root = shlex.quote(str(runfiles / layer[1]))
    command.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH={root}/lib exec {root}/bin/ruby3.1 --disable-gems "$@"\n'
    )
    command.chmod(0o755)
