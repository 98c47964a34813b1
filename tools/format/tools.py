"""The formatters and linters: what each reads, how it judges, how it repairs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from runfiles import Runfiles

_RENAMED = ".source"
"""Ends the name of a file that would make a folder of `@sources` a package."""


@dataclass(frozen=True)
class Tool:
    """One formatter or linter. It runs at the root of a tree of sources."""

    program: str
    """Its path in the runfiles."""
    check: tuple[str, ...]
    """Arguments with which it exits non-zero and says why, changing nothing."""
    repair: tuple[str, ...] = ()
    """Arguments with which it rewrites the files; empty for a linter that cannot."""
    files: tuple[str, ...] = ()
    """Patterns of the files that are given to it as arguments; none where it finds them itself."""


# The rules that newer Bazels load from elsewhere are native in the pinned one.
_NATIVE_NAMES = (
    "cc-binary",
    "cc-common",
    "cc-info",
    "cc-library",
    "cc-test",
    "proto",
    "proto-info",
    "sh-binary",
    "sh-test",
)
_NATIVE = "-warnings=" + ",".join(f"-native-{name}" for name in _NATIVE_NAMES)

_BUF = ("--config=proto/buf.yaml", "--path=proto")

TOOLS = {
    "biome": Tool(
        "node_deps/biome",
        ("check", "--error-on-warnings"),
        ("check", "--write"),
        files=("*.mjs", "*.ts"),
    ),
    "buf_breaking": Tool(
        "pip/site/bin/buf", ("breaking", *_BUF, "--against=proto/first_version.binpb")
    ),
    "buf_format": Tool(
        "pip/site/bin/buf",
        ("format", *_BUF, "--diff", "--exit-code"),
        ("format", *_BUF, "--write"),
    ),
    "buf_lint": Tool("pip/site/bin/buf", ("lint", *_BUF)),
    "buildifier": Tool(
        "buildifier/buildifier",
        ("-mode=diff", "-lint=warn", _NATIVE),
        ("-mode=fix", "-lint=fix", _NATIVE),
        files=("*.bazel", "*.bzl"),
    ),
    "clang_format": Tool(
        "cpp_tools/bin/clang-format",
        ("--dry-run", "--Werror"),
        ("-i",),
        files=("*.cc", "*.h"),
    ),
    "gofmt": Tool("go/bin/gofmt", ("-d", "-s"), ("-w", "-s"), files=("*.go",)),
    "google_java_format": Tool(
        "java_tools/google-java-format",
        ("--dry-run", "--set-exit-if-changed"),
        ("--replace",),
        files=("*.java",),
    ),
    "ktlint": Tool(
        "kotlin_tools/ktlint",
        ("--log-level=warn", "--relative"),
        ("--log-level=warn", "--relative", "--format"),
        files=("*.kt",),
    ),
    "rsharpier": Tool(
        "pip/site/bin/rsharpier",
        ("check", "--log-level=error"),
        ("format", "--log-level=error"),
        files=("*.cs",),
    ),
    "ruff_check": Tool(
        "pip/site/bin/ruff",
        ("check", "--no-cache", "--quiet"),
        ("check", "--no-cache", "--quiet", "--fix-only"),
        files=("*.py",),
    ),
    "ruff_format": Tool(
        "pip/site/bin/ruff",
        ("format", "--no-cache", "--quiet", "--diff"),
        ("format", "--no-cache", "--quiet"),
        files=("*.py",),
    ),
    "rubocop": Tool(
        "_main/tools/ruby/rubocop",
        ("--config=ruby/.rubocop.yml", "--cache=false", "--format=simple"),
        ("--config=ruby/.rubocop.yml", "--cache=false", "--format=quiet", "--autocorrect"),
        files=("*.rb",),
    ),
    "rustfmt": Tool(
        "rust/bin/rustfmt",
        ("--edition=2024", "--check"),
        ("--edition=2024",),
        files=("*.rs",),
    ),
    "scalafmt": Tool(
        "_main/tools/scala/scalafmt",
        ("--config=scala/.scalafmt.conf", "--non-interactive", "--quiet", "--test"),
        ("--config=scala/.scalafmt.conf", "--non-interactive", "--quiet"),
        files=("*.scala",),
    ),
    "standard_clj": Tool(
        "standard_clj/standard-clj",
        ("check", "--log-level", "ignore-already-formatted"),
        ("fix", "--log-level", "quiet"),
        files=("*.clj",),
    ),
}
"""By name; repaired in this order."""


def runfile(path: str) -> Path:
    """Where a runfile is; FileNotFoundError where it was not declared."""
    runfiles = Runfiles.Create()
    found = runfiles and runfiles.Rlocation(path)
    if not found or not Path(found).exists():
        raise FileNotFoundError(f"no runfile {path}")
    return Path(found)


def sources() -> Iterator[tuple[str, Path]]:
    """The declared sources: the path in the workspace, and where to read the file."""
    root = runfile("sources/tree")
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield path.relative_to(root).as_posix().removesuffix(_RENAMED), path


def command(tool: Tool, arguments: tuple[str, ...], paths: Iterable[str]) -> list[str]:
    """The command line of a tool for a tree with these files."""
    chosen = [path for path in paths if any(fnmatchcase(path, pattern) for pattern in tool.files)]
    if tool.files and not chosen:
        raise FileNotFoundError(f"no source matches {', '.join(tool.files)}")
    return [str(runfile(tool.program)), *arguments, *chosen]
