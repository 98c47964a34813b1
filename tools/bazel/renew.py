"""Renews prefix/packages.lock from the suite's present packages: `tools/bazel/update`.

The lock holds what Bazel needs and no more: of everything that the roots depend on, the packages
that own a jar of the server's class path, a library of a program that Bazel starts, or a file that
Debian links to from Bazel's own.
"""

import os
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.bazel.prefix import layout
from tools.bazel.prefix.apt import Apt
from tools.bazel.prefix.bringup import EXIT_ENVIRONMENT, remove, say, unpack
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.lock import locked
from tools.bazel.prefix.packages import Package, format_lock, parse_index, parse_lock
from tools.bazel.prefix.process import run
from tools.bazel.prefix.relocate import class_path, patchelf, relative_links

# Wholly needed: Bazel, its modules, its Java, what relocates it, and netty's OpenSSL binding.
ROOTS = (
    "bazel-bootstrap",
    "bazel-bootstrap-data",
    "bazel-features",
    "bazel-java-tools",
    "bazel-java-tools-data",
    "bazel-platforms",
    "bazel-rules-cc",
    "bazel-rules-java",
    "bazel-rules-license",
    "bazel-rules-proto",
    "bazel-rules-python",
    "bazel-skylib",
    "libnetty-tcnative-jni",
    "openjdk-25-jre-headless",
    "patchelf",
)

# Of Java's libraries those that a server without a screen loads.
_JAVA_LIBRARIES = (
    "jli",
    "java",
    "jimage",
    "zip",
    "net",
    "nio",
    "management",
    "management_ext",
    "instrument",
    "verify",
)

# What Debian gives Bazel to work with, and the relocated one takes from the host or leaves alone.
_STOPS = (
    "build-essential",
    "default-jdk-headless",
    "libjs-jquery",
    "node-core-js",
    "python3",
    "zlib1g-dev",
)

_HEAD = """\
The packages that bazelw brings Bazel up from: name, version, size in bytes, sha256.
Written by tools/bazel/update."""


def closure(dependencies: str) -> list[str]:
    """The roots and what they depend on, from what `apt-cache depends --recurse` prints."""
    graph: dict[str, list[str]] = {}
    for line in dependencies.splitlines():
        if not line.startswith((" ", "<")):
            name = line
            graph[name] = []
        elif not (dependency := line.split()[-1]).startswith("<"):
            graph[name].append(dependency)
    found = set(ROOTS)
    queue = deque(ROOTS)
    while queue:
        for name in graph.get(queue.popleft(), ()):
            if name in graph and name not in found and name not in _STOPS:
                found.add(name)
                queue.append(name)
    return sorted(found)


def owners(contents: dict[str, str]) -> dict[str, str]:
    """File (absolute) to package, from what `dpkg-deb --contents` prints for each package."""
    found = {}
    for package, listing in contents.items():
        for line in listing.splitlines():
            path = line.split(None, 5)[5].split(" -> ")[0].split(" link to ")[0]
            if not path.endswith("/"):
                found[path.removeprefix(".")] = package
    return found


def chain(root: Path, file: str) -> list[str]:
    """`file` and the links that lead to the real one; absolute paths as if `root` were /."""
    names = [file]
    while (link := Path(f"{root}{names[-1]}")).is_symlink():
        names.append(os.path.normpath(os.path.join(os.path.dirname(names[-1]), os.readlink(link))))
    return names


def libraries(root: Path) -> list[str]:
    """The libraries that Bazel's programs load, and those that these load."""
    java = f"{layout.JAVA_HOME}/lib"
    loaded = [root / f"{java}/lib{name}.so" for name in _JAVA_LIBRARIES]
    queue = deque([*layout.programs(root), *loaded, root / java / "server/libjvm.so"])
    queue.extend([root / layout.PATCHELF, root / layout.LIBRARIES / "jni/libnetty-tcnative.so"])
    found: set[str] = set()
    while queue:
        for name in patchelf(root, "--print-needed", os.path.realpath(queue.popleft())).split():
            library = f"/{layout.LIBRARIES}/{name}"
            if library not in found and Path(f"{root}{library}").exists():
                found.add(library)
                queue.append(Path(f"{root}{library}"))
    return sorted(found)


def linked_files(root: Path) -> list[str]:
    """The files of Bazel's own folders, links into other packages among them."""
    folders = [root / layout.JAVA_TOOLS, root / layout.INSTALL_BASE]
    return [
        f"/{file.relative_to(root)}"
        for folder in folders
        for file in folder.rglob("*")
        if file.is_symlink()
    ]


def needed(root: Path, packages: Iterable[Package], owner: dict[str, str]) -> list[Package]:
    """Those of `packages`, all unpacked in `root`, that the lock is to hold."""
    relative_links(root)
    jars = class_path(root, (root / layout.CLASS_PATH).read_text().split())
    files = [*jars, *libraries(root), *linked_files(root)]
    names = {owner[name] for file in files for name in chain(root, file) if name in owner}
    return [package for package in packages if package.name in names or package.name in ROOTS]


def renew(work: Path) -> list[Package]:
    """The packages for the lock, found by unpacking all that the roots depend on in `work`."""
    apt = Apt(work)
    say("package index")
    apt.update()
    names = closure(apt.dependencies(ROOTS))
    packages = [versions[0] for versions in parse_index(apt.show(names)).values()]
    size = sum(package.size for package in packages) / 1e6
    say(f"download {len(packages)} packages, {size:.0f} MB")
    archives = work / "debs"
    archives.mkdir(exist_ok=True)
    files = apt.download(packages, archives)
    say("unpack")
    root = work / "root"
    remove(root)
    unpack(files, root)
    contents = {
        p.name: run(["dpkg-deb", "--contents", str(f)], 60.0)
        for p, f in zip(packages, files, strict=True)
    }
    return needed(root, packages, owners(contents))


def main(argv: Sequence[str]) -> int:
    """Writes the lock `argv[0]`, working in the folder `argv[1]`; exit code 0 or, told why, 36."""
    lock, work = Path(argv[0]), Path(argv[1])
    work.mkdir(parents=True, exist_ok=True)
    try:
        with locked(work / "lock", 1, lambda: say("waiting for another update")):
            before = set(parse_lock(lock.read_text())) if lock.exists() else set()
            after = renew(work)
            lock.write_text(format_lock(after, _HEAD))
            remove(work)
    except (BringupError, OSError) as error:
        say(f"error: {error}")
        return EXIT_ENVIRONMENT
    say(f"{lock.name}: {len(after)} packages, {len(set(after) - before)} new or renewed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
