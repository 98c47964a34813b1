"""The modules that this Bazel has instead of a registry: Debian's, and stubs of unused ones."""

from pathlib import Path

from tools.bazel.prefix import layout

DEBIAN = {
    "bazel_features": "tools/features",
    "bazel_skylib": "tools/skylib",
    "platforms": "tools/platforms",
    "rules_cc": "rules/cc",
    "rules_java": "rules/java",
    "rules_license": "rules/license",
    "rules_proto": "rules/proto",
    "rules_python": "rules/python",
}

# Bazel's own module depends on these: for macOS, `bazel mod tidy` and compiling protoc.
STUBS = ("apple_support", "buildozer", "protobuf", "zlib")

_BUILDOZER_EXTENSION = '''\
"""The extension that Bazel's own module uses; it makes no repository."""

buildozer_binary = module_extension(
    implementation = lambda _: None,
    tag_classes = {
        "buildozer": tag_class(attrs = {"sha256": attr.string_dict(), "version": attr.string()}),
    },
)
'''


def overrides() -> dict[str, str]:
    """Module name to its folder, a path from the root of the prefix."""
    debian = {name: f"{layout.INSTALL_BASE}/{folder}" for name, folder in DEBIAN.items()}
    return debian | {name: f"{layout.MODULES}/{name}" for name in STUBS}


def write_stubs(root: Path) -> None:
    """Writes the stub modules and the empty registry under `root`."""
    (root / layout.REGISTRY).mkdir(parents=True)
    for name in STUBS:
        folder = root / layout.MODULES / name
        folder.mkdir(parents=True)
        (folder / "MODULE.bazel").write_text(f'module(name = "{name}")\n')
        (folder / "BUILD.bazel").touch()
    (root / layout.MODULES / "buildozer/buildozer_binary.bzl").write_text(_BUILDOZER_EXTENSION)
