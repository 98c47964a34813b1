"""The release of Debian that packages come from, and what a machine needs to fetch them."""

# Debian 12. The packages are unpacked, not installed: the machine's own release may be another.
SUITE = "bookworm"

# The folder of libraries of the one architecture that is fetched, amd64.
TRIPLET = "x86_64-linux-gnu"

PROGRAMS = [
    "apt-get",
    "apt-cache",
    "dpkg-deb",
]
INSTALL = "use Debian, or install apt and debian-archive-keyring and add a Debian mirror to apt's sources"
