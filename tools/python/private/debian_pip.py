"""Gets pip where Python has none: Debian's wheel of it, unpacked under FOLDER: `debian_pip.py FOLDER`.

The package comes from Debian's signed index by the private apt of the bring-up, without root. Prints
the path of the wheel; exit code 1 with one line of reason where it is not to be had.
"""

import subprocess
import sys
from pathlib import Path

_PACKAGE = "python3-pip-whl"


def fetch(folder: Path) -> Path:
    """Returns the wheel; BringupError, OSError or CalledProcessError say why there is none."""
    from tools.bazel.prefix.apt import Apt
    from tools.bazel.prefix.errors import BringupError
    from tools.bazel.prefix.packages import parse_index

    folder.mkdir()
    apt = Apt(folder)
    apt.update()
    versions = parse_index(apt.show([_PACKAGE])).get(_PACKAGE)
    if not versions:
        raise BringupError(f"Debian's index has no {_PACKAGE}")
    (package,) = apt.download(versions[:1], folder)
    subprocess.run(
        ["dpkg-deb", "--extract", package, folder / "root"], check=True, timeout=60, text=True
    )
    for wheel in (folder / "root/usr/share/python-wheels").glob("pip-*.whl"):
        return wheel
    raise BringupError(f"{_PACKAGE} {versions[0].version} holds no wheel of pip")


def main(folder: Path) -> int:
    """Prints the wheel's path."""
    from tools.bazel.prefix.errors import BringupError

    try:
        print(fetch(folder))
    except (BringupError, OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    sys.exit(main(Path(sys.argv[1]).absolute()))
