"""Where things stand in the prefix, as paths from its root."""

from pathlib import Path

LIBRARIES = "usr/lib/x86_64-linux-gnu"
LOADER = "usr/lib64/ld-linux-x86-64.so.2"
PATCHELF = "usr/bin/patchelf"
BAZEL = "usr/bin/bazel"
INSTALL_BASE = "usr/share/bazel"
CLASS_PATH = f"{INSTALL_BASE}/bazel_classpath_debian_depends.txt"
JAVA_TOOLS = f"{LIBRARIES}/bazel/java_tools"
JAVA_HOME = "usr/lib/jvm/java-25-openjdk-amd64"

# What the bring-up adds to Debian's files.
OWN = "stock"
BAZELRC = f"{OWN}/bazelrc"
REGISTRY = f"{OWN}/registry"
MODULES = f"{OWN}/modules"
NATIVE = f"{OWN}/native"
PACKAGES = f"{OWN}/packages"
SUPERSEDED = f"{OWN}/superseded"

_PROGRAMS = (BAZEL, "usr/libexec/x86_64-linux-gnu/bazel/*", f"{JAVA_TOOLS}/bin/*")
_JAVA_PROGRAMS = (f"{JAVA_HOME}/bin/java", f"{JAVA_HOME}/lib/jspawnhelper")
_JAVA_LIBRARIES = (LIBRARIES, f"{JAVA_HOME}/lib", f"{JAVA_HOME}/lib/server")


def programs(root: Path) -> dict[Path, tuple[str, ...]]:
    """The executables under `root` that Bazel starts, each with the folders of its libraries."""
    found = {file: (LIBRARIES,) for pattern in _PROGRAMS for file in sorted(root.glob(pattern))}
    return found | {root / name: _JAVA_LIBRARIES for name in _JAVA_PROGRAMS}
