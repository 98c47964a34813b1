"""The index of one release of Debian with its updates, by a private apt."""

from pathlib import Path

from tools.bazel.prefix.apt import ARCHITECTURE, KEYRING, SUITE, Apt, codename, mirrors
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.process import run

_QUERY_DEADLINE = 60.0
_INDEX_DEADLINE = 300.0


class NoDebianError(Exception):
    """This machine's apt knows no mirror of Debian."""


def security_mirror(targets: str) -> str | None:
    """The host's source of Debian's security updates, of whatever release.

    `targets` has a line `address release component` for each source.
    """
    for line in targets.splitlines():
        address, release, component = line.split()
        if component == "main" and release.endswith("-security"):
            return address
    return None


def source_lines(mirror: str, security: str | None, suite: str) -> str:
    """The private sources.list: the release, its updates and its security updates; sid has neither."""
    options = f"[arch={ARCHITECTURE} target=Packages signed-by={KEYRING}]"
    places = [(mirror, suite)]
    if suite != SUITE:
        places.append((mirror, f"{suite}-updates"))
    if security and suite != SUITE:
        places.append((security, f"{suite}-security"))
    return "".join(f"deb {options} {address} {release} main\n" for address, release in places)


class SuiteApt(Apt):
    """Private apt for one release; `update` comes first."""

    def __init__(self, folder: Path, suite: str) -> None:
        if not KEYRING.exists():
            raise NoDebianError(f"{KEYRING} is missing")
        super().__init__(folder)
        self.suite = suite

    def update(self) -> None:
        """Loads the index from the first mirror whose signature holds, else raises."""
        template = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
        query = ("apt-get", "indextargets", "--no-release-info", "--format", template)
        targets = run([*query, "Created-By: Packages"], _QUERY_DEADLINE)
        found = mirrors(targets, codename(Path("/etc/os-release").read_text()))
        if not found:
            raise NoDebianError("apt's sources name no mirror of Debian")
        failures = []
        for mirror in found:
            lines = source_lines(mirror, security_mirror(targets), self.suite)
            (self._folder / "sources.list").write_text(lines)
            try:
                run(["apt-get", "-c", str(self._conf), "-qq", "update"], _INDEX_DEADLINE)
            except BringupError as error:
                failures.append(str(error))
            else:
                return
        raise BringupError("no mirror gave the package index: " + "; ".join(failures))
