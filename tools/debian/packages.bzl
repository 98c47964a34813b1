"""Public names for what tells of Debian's packages: what fetching them needs, and what their versions mean."""

load("//tools/debian/private:versions.bzl", "PACKAGES", _upstream_version = "upstream_version")

DEBIAN_PACKAGES = PACKAGES
upstream_version = _upstream_version
