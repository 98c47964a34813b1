"""Repository rule for Debian packages, unpacked and not installed."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "missing_toolchain",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "PACKAGES", "PROGRAMS", "SUITE", "TRIPLET")

# Without an absolute path: it stands beside `root` in the runfiles and in an action's sandbox as well.
_LAUNCHER = """\
#!/bin/sh
# Runs a program of Debian's with the libraries that stand beside it.
here=${{0%/*}}/../root
LD_LIBRARY_PATH=$here/usr/lib/{triplet}:$here/lib/{triplet} exec "$here/{program}" "$@"
"""

# How tools/debian/fetch.py ends where this machine can have no packages of Debian.
_EXIT_NO_DEBIAN = 3

def _versions(repository_ctx):
    """Returns the versions in the lock by package."""
    lines = [line.split(" ") for line in repository_ctx.read(repository_ctx.attr.lock).split("\n")]
    return {fields[0]: fields[1] for fields in lines if len(fields) == 4 and fields[0] != "#"}

def _fetch(repository_ctx):
    """Fetches and unpacks the packages under `root`, or returns why this machine cannot."""
    if toolchain_is_hidden(repository_ctx, "debian"):
        return hidden(PACKAGES)
    absent = [program for program in PROGRAMS if not repository_ctx.which(program)]
    if absent:
        return lacking(PACKAGES, "no %s on PATH" % absent[0])
    workspace = repository_ctx.path(repository_ctx.attr._workspace).dirname
    result = repository_ctx.execute(
        [
            repository_ctx.path(repository_ctx.attr.interpreter),
            "-B",
            "-P",
            "-S",
            "-m",
            "tools.debian.fetch",
            repository_ctx.path(repository_ctx.attr.lock),
            SUITE,
            "work",
            "root",
        ],
        environment = {"PYTHONPATH": str(workspace)},
        timeout = 1800,
    )
    if result.return_code == _EXIT_NO_DEBIAN:
        return lacking(PACKAGES, result.stderr.strip())
    if result.return_code:
        fail("fetching the packages of %s failed: %s" % (repository_ctx.attr.lock, result.stderr.strip()))
    for line in result.stderr.strip().split("\n"):
        if line:
            # buildifier: disable=print
            print("WARNING: %s: %s" % (repository_ctx.attr.lock, line))
    return ""

def _debian_packages_repo_impl(repository_ctx):
    repository_ctx.file("packages.bzl", "PACKAGE_VERSIONS = %r\n" % _versions(repository_ctx))
    label = repository_ctx.attr.missing
    missing = missing_toolchain(repository_ctx, label) if label else ""
    told = bool(missing)
    missing = missing or _fetch(repository_ctx)
    if missing:
        write_missing_toolchain(repository_ctx, missing, ["archives.jsonl"] + repository_ctx.attr.targets, warn = not told)
        return
    for name, program in repository_ctx.attr.programs.items():
        repository_ctx.file("bin/" + name, _LAUNCHER.format(program = program, triplet = TRIPLET))
    repository_ctx.symlink(repository_ctx.attr.build_file, "BUILD.bazel")
    write_found_toolchain(repository_ctx)

debian_packages_repo = repository_rule(
    implementation = _debian_packages_repo_impl,
    doc = """Debian packages of a lock, verified and unpacked under `root`, for a BUILD file of the caller's.

A lock has a line `name version size sha256` for each package; dependencies are packages of their own
in it, or left out. `tools/debian/update LOCK` renews versions and hashes, and adds the names of lines that have no more than
a name. A version that Debian has superseded gives way to the present one, whose hash stands in the signed
index, with a warning; `STOCK_STRICT=1` refuses that.

On a machine that cannot have Debian's packages all targets are incompatible, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise. `archives.jsonl` tells of each package, `files.tsv`
whose each file under `root` is. `PACKAGE_VERSIONS` of `//:packages.bzl` is a dict
of the versions in the lock.
""",
    attrs = {
        "build_file": attr.label(
            doc = "The BUILD file; the packages' files are under `root`.",
            allow_single_file = True,
            mandatory = True,
        ),
        "interpreter": attr.label(
            doc = "The Python that runs the scripts.",
            default = "@python//:python3",
        ),
        "lock": attr.label(
            doc = "The lock.",
            allow_single_file = True,
            mandatory = True,
        ),
        "missing": attr.label(
            doc = "`missing.bzl` of a repository without which the packages are of no use.",
        ),
        "programs": attr.string_dict(
            doc = "Programs to be run: for each name, the program's path under `root`. `bin/NAME` runs it with the " +
                  "packages' own libraries, which must be among the inputs.",
        ),
        "targets": attr.string_list(
            doc = "Names of the targets in `build_file` that other packages depend on.",
            mandatory = True,
        ),
        "_scripts": attr.label_list(
            default = [
                "//tools/bazel:prefix/apt.py",
                "//tools/bazel:prefix/packages.py",
                "//tools/bazel:prefix/process.py",
                "//tools/debian:archives.py",
                "//tools/debian:fetch.py",
                "//tools/debian:suite.py",
            ],
        ),
        "_workspace": attr.label(default = "//:MODULE.bazel"),
    },
    environ = [
        "PATH",
        "STOCK_STRICT",
        HIDE_TOOLCHAINS,
    ],
)
