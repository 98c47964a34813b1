"""Public names for module extensions: Debian's packages as a repository."""

load("//tools/debian/private:packages_repo.bzl", _debian_packages_repo = "debian_packages_repo")

debian_packages_repo = _debian_packages_repo
