"""The cases of tools/sbom/flipped_test: an archive of each kind with one byte changed, in its client's cache."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.execution.workspace import Workspace, WorkspaceError, cache


class FlippedError(Exception):
    """Something was not as expected; the text says what."""


@dataclass(frozen=True)
class Kind:
    """A kind of archive: the repository that fetches some, and where its client keeps them."""

    repository: str
    # Names of variables, and their values with {cache} for the folder of the cache.
    variables: Mapping[str, str]
    # Where archives are, below the cache; the largest is taken.
    archives: str
    # What the refusal says.
    refusal: str
    # What fills the cache, where the client does not do it as it fetches.
    fill: Sequence[str] = ()
    # For the second fetch only: what keeps the client from fetching what it refuses anew.
    offline: Mapping[str, str] = field(default_factory=dict)
    # Files of the user's that the client finds in its cache: what it is set up with.
    settings: Sequence[Path] = ()


_DEADLINE = 600.0
_CARGO = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")

KINDS = {
    "wheel": Kind(
        repository="guest_pip",
        # What pip's own cache keeps is up to the index, so here is a folder of wheels.
        fill=(
            *("python3", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
            *(
                "--only-binary=:all:",
                "--dest={cache}",
                "--requirement=tools/guest/requirements.lock",
            ),
        ),
        variables={"PIP_FIND_LINKS": "{cache}", "PIP_NO_INDEX": "1"},
        archives="grpclib-*.whl",
        refusal="DO NOT MATCH THE HASHES",
    ),
    "module": Kind(
        repository="go_deps",
        variables={"GOMODCACHE": "{cache}"},
        archives="cache/download/**/*.zip",
        refusal="go mod verify of .* failed",
    ),
    "unpacked module": Kind(
        repository="go_deps",
        variables={"GOMODCACHE": "{cache}"},
        archives="google.golang.org/grpc@*/**/*.go",
        refusal="go mod verify of .* failed(?s:.*)dir has been modified",
    ),
    "crate": Kind(
        repository="rust_deps",
        variables={"CARGO_HOME": "{cache}"},
        archives="registry/cache/*/*.crate",
        refusal="has sha256 .* by Cargo.lock|failed to unpack",
        settings=(_CARGO / "config.toml", _CARGO / "credentials.toml"),
    ),
    "jar": Kind(
        repository="java_deps",
        variables={"MAVEN_OPTS": "-Dmaven.repo.local={cache}"},
        archives="io/grpc/**/*.jar",
        refusal="has sha256 .* expected",
    ),
    "npm package": Kind(
        repository="buildifier",
        variables={"npm_config_cache": "{cache}"},
        archives="_cacache/content-v2/**/*",
        refusal="seems to be corrupted|EINTEGRITY",
        # With the network, npm throws away what is damaged and fetches it again.
        offline={"npm_config_offline": "true"},
    ),
    "NuGet package": Kind(
        repository="csharp_deps",
        variables={},
        archives="google.protobuf.*.nupkg",
        refusal="NU1403|hash|corrupt",
    ),
}
"""Debian's packages, Ruby's gems among them, are in no cache: a test of tools/bazel spoils one as it comes."""


def flip(file: Path) -> None:
    """Changes one byte in the middle of a file, which may be read-only."""
    mode = file.stat().st_mode
    file.chmod(mode | 0o200)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    # In place: a client may know the file by more than its name.
    with file.open("r+b") as opened:
        opened.write(content)
    file.chmod(mode)


def archive(folder: Path, pattern: str) -> Path:
    """The largest file of a pattern below a folder. Raises FlippedError."""
    files = [file for file in folder.glob(pattern) if file.is_file()]
    if not files:
        raise FlippedError(f"{folder} has no {pattern}: the client keeps its archives elsewhere")
    return max(files, key=lambda file: file.stat().st_size)


def feed(workspace: Workspace) -> Path:
    """The folder of NuGet packages in the bundle with the .NET SDK. Raises FlippedError where there is no bundle."""
    base = Path(workspace.bazel("info", "output_base").strip())
    for file in base.glob("external/*~dotnet/feed"):
        if text := file.read_text("utf-8"):
            return Path(text)
    raise FlippedError(
        "no bundle of .NET, whose packages are in a folder: restore them from another feed"
    )


def fetch(workspace: Workspace, repository: str) -> None:
    """Fetches a repository anew, and none that it is made with. Raises WorkspaceError."""
    base = Path(workspace.bazel("info", "output_base").strip())
    # Bazel's own flag to force it would fetch the others too, and with them what is flipped.
    workspace.end()
    for marker in base.glob(f"external/@*~{repository}.marker"):
        marker.unlink()
    workspace.bazel("fetch", f"--repo=@{repository}")


def try_kind(workspace: Workspace, kind: Kind, folder: Path) -> str:
    """Fetches, flips, fetches again; tells what was refused. Raises FlippedError, WorkspaceError."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in filter(Path.exists, kind.settings):
        shutil.copy2(file, folder)
    if kind.fill:
        line = [word.format(cache=folder) for word in kind.fill]
        subprocess.run(line, cwd=workspace.tree, check=True, timeout=_DEADLINE)
    values = {name: value.format(cache=folder) for name, value in kind.variables.items()}
    first = Workspace(workspace.folder, variables=values)
    fetch(first, kind.repository)
    place = folder if kind.variables else feed(first)
    flipped = archive(place, kind.archives)
    flip(flipped)
    try:
        second = Workspace(workspace.folder, variables={**values, **kind.offline})
        fetch(second, kind.repository)
    except WorkspaceError as error:
        if not re.search(kind.refusal, str(error)):
            raise FlippedError(f"expected {kind.refusal!r}, got: {error}") from None
    else:
        raise FlippedError(f"{flipped} has another byte and was taken")
    finally:
        # npm has thrown it away.
        if flipped.exists():
            flip(flipped)
    return str(flipped.relative_to(place))


def main(argv: Sequence[str]) -> int:
    """Tries the kinds named in `argv`, or all; 1 if one is taken."""
    unknown = set(argv) - KINDS.keys()
    if unknown:
        print(f"kinds: {', '.join(KINDS)}; not {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    workspace = Workspace(cache() / "flipped")
    workspace.copy()
    failed = 0
    try:
        for name in argv or KINDS:
            start = time.monotonic()
            try:
                refused = try_kind(
                    workspace, KINDS[name], workspace.folder / "caches" / KINDS[name].repository
                )
            except (FlippedError, WorkspaceError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED {name}: {error}", flush=True)
            else:
                print(f"ok     {name}: {refused} ({time.monotonic() - start:.1f} s)", flush=True)
    finally:
        workspace.end()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
