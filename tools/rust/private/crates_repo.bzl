"""Repository rule for the third-party crates of Cargo.toml and Cargo.lock."""

load("//tools/implementation:repositories.bzl", "missing_toolchain", "write_missing_toolchain")
load(":archives.bzl", "tell_archives")

_BUILD = """\
load("{rules}", "rust_crates")

package(default_visibility = ["//visibility:public"])

exports_files([
    "crates.bzl",
    "metadata.json",
    "vendor.tar",
])

filegroup(
    name = "archives",
    srcs = ["archives.jsonl"],
)

rust_crates(
    name = "layer",
    components = glob(["components/*.jsonl"]),
    env = {env},
    externs = {externs},
    lock = "Cargo.lock",
    manifest = "Cargo.toml",
    sdk = "{sdk}",
    vendor = "vendor.tar",
)
"""

# One file, since the crates are twenty thousand; the same bytes for the same lock.
_TAR = ["tar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"]

def _execute(repository_ctx, command):
    result = repository_ctx.execute(command, timeout = 900)
    if result.return_code:
        fail("%s for %s failed:\n%s%s" % (
            " ".join([str(word) for word in command]),
            repository_ctx.attr.lock,
            result.stdout,
            result.stderr,
        ))
    return result.stdout

def _versions(lock):
    """Returns the versions in a Cargo.lock by crate; where there are several, the last."""
    versions = {}
    name = ""
    for line in lock.split("\n"):
        key, _, value = line.partition(" = ")
        if key == "name":
            name = value.strip('"')
        elif key == "version" and name:
            versions[name] = value.strip('"')
            name = ""
    return versions

def _externs(manifest):
    """Returns the names, as code writes them, of the crates that a Cargo.toml depends on."""
    dependencies = manifest.partition("\n[dependencies]\n")[2].partition("\n[")[0]
    lines = [line for line in dependencies.split("\n") if line and line[0] not in "#]}"]
    return [line.split(" ")[0].replace("-", "_") for line in lines]

def _write_metadata(repository_ctx, cargo):
    """Writes what cargo knows of the crates for this machine, with paths from this repository's folder."""
    sources = ["source.crates-io.replace-with='vendor'", "source.vendor.directory='vendor'"]
    host = [word for word in _execute(repository_ctx, [cargo, "-vV"]).split("\n") if word.startswith("host: ")][0]
    command = [cargo, "metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=" + host.removeprefix("host: ")]
    for source in sources:
        command += ["--config", source]
    here = str(repository_ctx.path("."))
    repository_ctx.file("metadata.json", _execute(repository_ctx, command).replace(here + "/", "").replace(here, "."))

def _rust_crates_repo_impl(repository_ctx):
    missing = missing_toolchain(repository_ctx, repository_ctx.attr.missing)
    lock = repository_ctx.read(repository_ctx.attr.lock)
    repository_ctx.file("crates.bzl", "CRATE_VERSIONS = %r\n" % _versions(lock))
    if missing:
        write_missing_toolchain(repository_ctx, missing, ["archives", "layer", "metadata.json", "vendor.tar"], warn = False)
        return
    repository_ctx.file("Cargo.lock", lock)
    manifest = repository_ctx.read(repository_ctx.attr.manifest)
    repository_ctx.file("Cargo.toml", manifest)
    repository_ctx.file("src/lib.rs", "")
    cargo = repository_ctx.path(repository_ctx.attr.cargo)
    _execute(repository_ctx, [cargo, "vendor", "--quiet", "--locked", "--versioned-dirs", "vendor"])
    _write_metadata(repository_ctx, cargo)
    tell_archives(repository_ctx, lock, _externs(manifest))
    _execute(repository_ctx, _TAR + ["-cf", "vendor.tar", "vendor"])
    repository_ctx.delete("vendor")
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        env = repository_ctx.attr.env,
        externs = repr(_externs(manifest)),
        rules = Label(":crates_rule.bzl"),
        sdk = repository_ctx.attr.cargo.relative(":sdk"),
    ))

rust_crates_repo = repository_rule(
    implementation = _rust_crates_repo_impl,
    doc = """Third-party crates, vendored: `//:layer`. `//:archives` tells of each.

`CRATE_VERSIONS` of `//:crates.bzl` is a dict of the versions in the lock. `//:metadata.json` is what cargo knows of
them, `//:vendor.tar` their sources.
""",
    attrs = {
        "cargo": attr.label(
            doc = "The cargo command, beside the target `sdk`.",
            mandatory = True,
        ),
        "env": attr.string_dict(
            doc = "What the crates' own builds read of their environment.",
        ),
        "lock": attr.label(
            doc = "Cargo.lock.",
            mandatory = True,
        ),
        "manifest": attr.label(
            doc = "Cargo.toml, whose dependencies are the crates and whose profile is the layer's.",
            mandatory = True,
        ),
        "missing": attr.label(
            doc = "`missing.bzl` of the repository of Rust.",
            mandatory = True,
        ),
    },
)
