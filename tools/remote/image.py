"""What the workers' image holds: of this machine, all that an action of a worker can see."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

# Debian's: a shell and its tools, gcc, Node.js, the JDK. Not /usr/local, nor anyone's home: Go and Rust go with the
# actions that use them.
_DEBIAN = (
    "/bin",
    "/lib",
    "/lib64",
    "/usr/bin",
    "/usr/include",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/share",
)
# Of /etc: which of several programs a name stands for, the loader's list, the JDK's settings, and names.
_SETTINGS = (
    "/etc/alternatives",
    "/etc/group",
    "/etc/hosts",
    "/etc/java-17-openjdk",
    "/etc/ld.so.cache",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/ssl/certs",
)


def interpreter() -> Path:
    """The folder of the Python that builds find, where it is not Debian's."""
    return Path(sys.base_prefix)


def image(more: Sequence[Path] = ()) -> list[Path]:
    """The paths of the image, those that are not there left out; each stands for all below it."""
    paths = [*map(Path, (*_DEBIAN, *_SETTINGS)), *more]
    if not interpreter().is_relative_to("/usr") or interpreter().is_relative_to("/usr/local"):
        paths.append(interpreter())
    return [path for path in paths if os.path.exists(path)]
