"""The release of Debian that packages come from, and what a machine needs to fetch them."""

load("//tools/implementation:requirements.bzl", "requirement")

# Debian 12. The packages are unpacked, not installed: the machine's own release may be another.
SUITE = "bookworm"

# The folder of libraries of the one architecture that is fetched, amd64.
TRIPLET = "x86_64-linux-gnu"

PROGRAMS = [
    "apt-get",
    "apt-cache",
    "dpkg-deb",
]

PACKAGES = requirement(
    name = "packages of Debian",
    install = "use Debian, or install apt and debian-archive-keyring and add a Debian mirror to apt's sources",
    purpose = "apt-get, apt-cache and dpkg-deb fetch and unpack libraries and tools, which are not installed",
)

def upstream_version(version):
    """Returns the version of what Debian packages: `1.51.1` of `1.51.1-3+b1`."""
    return version.rpartition(":")[2].rpartition("-")[0]
