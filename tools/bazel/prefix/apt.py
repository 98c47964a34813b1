"""A private apt: the host's mirrors and proxy, Debian's keys, nothing else of the host's apt."""

from collections.abc import Sequence
from pathlib import Path

from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.packages import Package, matches
from tools.bazel.prefix.process import require, run

SUITE = "sid"
ARCHITECTURE = "amd64"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

_INDEX_DEADLINE = 300.0
_DOWNLOAD_DEADLINE = 1800.0
_QUERY_DEADLINE = 60.0


def configuration(folder: Path) -> str:
    """The apt configuration that keeps all state under `folder`.

    It is given with `-c`, which apt reads after the host's files: what it sets wins and what it
    clears is gone.
    """
    return f"""\
Dir::State "{folder}";
Dir::State::lists "{folder}/lists";
Dir::State::status "/dev/null";
Dir::Cache "{folder}";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
// As root apt would download as a user who cannot write here.
APT::Sandbox::User "";
// The suite's Release file may be past its date on a frozen mirror; its signature is still checked.
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
// An index that fails to load is an error, not a warning.
APT::Update::Error-Mode "any";
// The host's hooks would clear the host's own cache, or fail for an ordinary user.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
// A default release of the host's is an error where only another suite is known.
#clear APT::Default-Release;
"""


def mirrors(targets: str, codename: str) -> list[str]:
    """Debian mirrors among the host's sources, the likeliest first.

    `targets` has a line `address release component` for each source. Other vendors name their
    suites after Debian's releases as well, so a source that also carries a release's updates goes
    first; the signature decides.
    """
    releases: dict[str, set[str]] = {}
    for line in targets.splitlines():
        address, release, component = line.split()
        if component == "main":
            releases.setdefault(address, set()).add(release)
    names = {codename, "oldstable", "stable", "testing", "unstable", SUITE}
    found = [address for address, carried in releases.items() if carried & names]
    return sorted(
        found, key=lambda address: not any(name.endswith("-updates") for name in releases[address])
    )


def source_line(mirror: str) -> str:
    """The one line of the private sources.list."""
    return f"deb [arch={ARCHITECTURE} target=Packages signed-by={KEYRING}] {mirror} {SUITE} main\n"


def codename(os_release: str) -> str:
    """VERSION_CODENAME of the text of /etc/os-release, empty where there is none."""
    for line in os_release.splitlines():
        key, _, value = line.partition("=")
        if key == "VERSION_CODENAME":
            return value.strip("\"'")
    return ""


class Apt:
    """Private apt whose lists stand under `folder`; `update` comes first."""

    def __init__(self, folder: Path) -> None:
        require("apt-get", "install Bazelisk, or use Debian")
        require("dpkg-deb", "install Bazelisk, or use Debian")
        if not KEYRING.exists():
            raise BringupError(f"{KEYRING} is missing: install debian-archive-keyring")
        self._folder = folder
        self._conf = folder / "apt.conf"
        for part in ("lists/partial", "archives/partial"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._conf.write_text(configuration(folder))

    def update(self) -> None:
        """Loads the suite's index from the first mirror whose signature holds, else raises."""
        template = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
        targets = run(
            [
                "apt-get",
                "indextargets",
                "--no-release-info",
                "--format",
                template,
                "Created-By: Packages",
            ],
            _QUERY_DEADLINE,
        )
        found = mirrors(targets, codename(Path("/etc/os-release").read_text()))
        if not found:
            raise BringupError(
                "apt's configuration names no Debian mirror (/etc/apt/sources.list*)"
            )
        failures = []
        for mirror in found:
            (self._folder / "sources.list").write_text(source_line(mirror))
            try:
                run(["apt-get", "-c", str(self._conf), "-qq", "update"], _INDEX_DEADLINE)
            except BringupError as error:
                failures.append(str(error))
            else:
                return
        raise BringupError("no mirror gave the package index: " + "; ".join(failures))

    def show(self, names: Sequence[str]) -> str:
        """The index records of `names`; a name that the index does not know is left out."""
        return (
            run(["apt-cache", "-c", str(self._conf), "show", *names], _QUERY_DEADLINE)
            if names
            else ""
        )

    def dependencies(self, names: Sequence[str]) -> str:
        """What `names` depend on, and so on: a line a package, then its dependencies indented."""
        recursive = ("depends", "--recurse", "--important")
        return run(["apt-cache", "-c", str(self._conf), *recursive, *names], _QUERY_DEADLINE)

    def download(self, packages: Sequence[Package], archives: Path) -> list[Path]:
        """The verified files of `packages`, in `archives`; some may be from an earlier start."""
        missing = [package for package in packages if not self._verified(package, archives)]
        if missing:
            wanted = [f"{package.name}={package.version}" for package in missing]
            run(
                ["apt-get", "-c", str(self._conf), "-qq", "download", *wanted],
                _DOWNLOAD_DEADLINE,
                cwd=archives,
            )
        for package in missing:
            if not self._verified(package, archives):
                label = f"{package.name} {package.version}"
                raise BringupError(f"package {label} does not have the expected size and hash")
        return [self._file(package, archives) for package in packages]

    def _file(self, package: Package, archives: Path) -> Path:
        stem = f"{package.name}_{package.version.replace(':', '%3a')}"
        return next(archives.glob(f"{stem}_*.deb"), archives / f"{stem}.missing")

    def _verified(self, package: Package, archives: Path) -> bool:
        file = self._file(package, archives)
        if not file.exists():
            return False
        if matches(file, package):
            return True
        file.unlink()
        return False
