"""Makes unpacked Debian packages run from the prefix instead of from /."""

import os
import shutil
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.bazel.prefix import layout
from tools.bazel.prefix.errors import BringupError
from tools.bazel.prefix.process import run

_DEADLINE = 60.0

# Listed by Debian's Bazel, in none of the packages that it depends on; the server does without.
_ABSENT = frozenset(
    f"/usr/share/java/{name}.jar"
    for name in (
        "auto-value-gson-extension",
        "auto-value-gson-factory",
        "auto-value-gson-runtime",
        "netty-tcnative",
    )
)


def relocate(root: Path, home: Path) -> None:
    """Prepares the packages unpacked under `root` for `home`, the name that it will get."""
    for name in ("lib", "lib64"):
        if not (root / name).exists():
            (root / name).symlink_to(f"usr/{name}")
    relative_links(root)
    listed = (root / layout.CLASS_PATH).read_text().split()
    (root / layout.CLASS_PATH).write_text(
        "".join(f"{home}{jar}\n" for jar in class_path(root, listed))
    )
    patch_programs(root, home)
    copy_native_libraries(root)


def relative_links(root: Path) -> None:
    """Makes each absolute symbolic link under `root` a relative one to that file under `root`."""
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            link = Path(folder, name)
            if link.is_symlink() and (target := os.readlink(link)).startswith("/"):
                link.unlink()
                link.symlink_to(os.path.relpath(f"{root}{target}", folder))


def class_path(root: Path, listed: Iterable[str]) -> list[str]:
    """The jars `listed`, then those that their manifests name; absolute paths as if `root` were /.

    Debian's jars lean on each other by `Class-Path`, which Bazel does not follow: without these the
    server dies on a missing class and the client waits two minutes for it. A jar that only a
    manifest names may be missing; a listed one may not: raises BringupError.
    """
    listed = [jar for jar in listed if jar not in _ABSENT]
    if missing := [jar for jar in listed if not Path(f"{root}{jar}").exists()]:
        raise BringupError(
            f"the packages lack {', '.join(missing)}: renew the lock with tools/bazel/update"
        )
    found: dict[str, str] = {}
    queue = deque(listed)
    while queue:
        jar = queue.popleft()
        real = os.path.realpath(f"{root}{jar}")
        if real not in found and os.path.exists(real):
            found[real] = jar
            queue.extend(_manifest_jars(Path(real), jar))
    return list(found.values())


def _manifest_jars(file: Path, jar: str) -> Iterator[str]:
    with zipfile.ZipFile(file) as archive:
        if "META-INF/MANIFEST.MF" not in archive.namelist():
            return
        text = archive.read("META-INF/MANIFEST.MF").decode()
    # A manifest breaks long lines and begins the rest with a space.
    for line in text.replace("\r\n", "\n").replace("\n ", "").splitlines():
        if line.startswith("Class-Path:"):
            for entry in line.removeprefix("Class-Path:").split():
                yield os.path.normpath(
                    os.path.join(os.path.dirname(jar), entry.removeprefix("file://"))
                )


def patchelf(root: Path, *arguments: str) -> str:
    """Runs the prefix's own patchelf, which needs the prefix's loader to run on an older host."""
    loader = [str(root / layout.LOADER), "--library-path", str(root / layout.LIBRARIES)]
    return run([*loader, str(root / layout.PATCHELF), *arguments], _DEADLINE)


def patch_programs(root: Path, home: Path) -> None:
    """Gives each executable the loader and the libraries of the prefix at `home`."""
    for program, folders in layout.programs(root).items():
        libraries = ":".join(f"{home}/{folder}" for folder in folders)
        loader = ("--set-interpreter", f"{home}/{layout.LOADER}")
        patchelf(
            root, *loader, "--force-rpath", "--set-rpath", libraries, os.path.realpath(program)
        )


def copy_native_libraries(root: Path) -> None:
    """Puts netty's OpenSSL binding where the server's java.library.path points.

    Debian's netty has no ALPN of its own, so without this a gRPC cache over TLS is ignored with a
    warning. Netty looks for the name with an underscore, Debian's file has a hyphen.
    """
    native = root / layout.NATIVE
    native.mkdir(parents=True)
    libraries = root / layout.LIBRARIES
    binding = native / "libnetty_tcnative.so"
    shutil.copyfile(libraries / "jni/libnetty-tcnative.so", binding)
    shutil.copyfile(libraries / "libapr-1.so.0", native / "libapr-1.so.0")
    patchelf(root, "--force-rpath", "--set-rpath", "$ORIGIN", str(binding))
