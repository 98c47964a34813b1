"""Public names for the BUILD files of Debian's packages."""

load("//tools/debian/private:components_rule.bzl", _debian_components = "debian_components")

debian_components = _debian_components
