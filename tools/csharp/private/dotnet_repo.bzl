"""Repository rule for a .NET SDK."""

load("//tools/implementation:repositories.bzl", "HIDE_TOOLCHAINS", "write_found_toolchain", "write_missing_toolchain")
load(":find_dotnet.bzl", "BUNDLE_VARIABLE", "RUNTIME", "find_dotnet", "newest_version")
load(":versions.bzl", "DOTNET_RELEASE")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

# The dotnet command first, then the compiler with what stands beside it. With the runtime it is all that compiles:
# actions elsewhere have these files and no .NET.
filegroup(
    name = "sdk",
    srcs = [
        "dotnet",
        "compiler/csc.dll",
        "version",
    ] + glob(
        ["compiler/**"],
        exclude = ["compiler/csc.dll"],
    ),
)

# What own code is compiled against.
filegroup(
    name = "references",
    srcs = glob(["ref/*.dll"]),
)

# The analyzers that the SDK brings, and how it sets them by default.
filegroup(
    name = "analyzers",
    srcs = glob(["analyzers/*"]),
)

# What programs run with: the dotnet command first. It looks for the rest beside its real file, so beside itself
# in a copy.
filegroup(
    name = "runtime",
    srcs = ["dotnet"] + glob([
        "host/**",
        "shared/**",
    ]),
)

exports_files(["dotnet", "feed"] + glob(["*.bzl"]))
"""

_TARGETS = ["analyzers", "references", "runtime", "sdk"]

def _link_runtime(repository_ctx, root):
    """Links the newest of each part of the runtime; returns their versions."""
    versions = []
    for part in RUNTIME:
        version = newest_version(root.get_child(part))
        repository_ctx.symlink(root.get_child(part, version), "%s/%s" % (part, version))
        versions.append(version)
    return versions

def _dotnet_repo_impl(repository_ctx):
    found = find_dotnet(repository_ctx)
    if type(found) == "string":
        repository_ctx.file("dotnet", "")
        repository_ctx.file("feed", "")
        write_missing_toolchain(repository_ctx, found, _TARGETS)
        return
    sdk = found.root.get_child("sdk", found.version)
    repository_ctx.symlink(found.root.get_child("dotnet"), "dotnet")
    repository_ctx.symlink(sdk.get_child("Roslyn", "bincore"), "compiler")
    for pack, version in found.packs.items():
        for file in found.root.get_child("packs", pack, version, "ref", "net%d.0" % DOTNET_RELEASE).readdir():
            if file.basename.endswith(".dll"):
                repository_ctx.symlink(file, "ref/" + file.basename)
    analyzers = sdk.get_child("Sdks", "Microsoft.NET.Sdk", "analyzers")
    for file in analyzers.readdir():
        if file.basename.endswith(".dll"):
            repository_ctx.symlink(file, "analyzers/" + file.basename)
    repository_ctx.symlink(
        analyzers.get_child("build", "config", "analysislevel_%d_recommended.globalconfig" % DOTNET_RELEASE),
        "analyzers/recommended.globalconfig",
    )
    runtime = _link_runtime(repository_ctx, found.root)
    repository_ctx.file("version", "%s %s %s\n" % (found.version, runtime, found.packs))
    repository_ctx.file("feed", found.feed)
    repository_ctx.file("BUILD.bazel", _BUILD)
    write_found_toolchain(repository_ctx)

dotnet_repo = repository_rule(
    implementation = _dotnet_repo_impl,
    doc = """A .NET SDK: `//:sdk`, `//:references`, `//:analyzers` and `//:runtime`.

It is the bundle in the folder that `STOCK_DOTNET_BUNDLE` names, else the bundle in `shared/dotnet` beside the
workspace, else an SDK on the machine. Where there is none, all are incompatible, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise. `//:feed` has the path of the folder with NuGet
packages of a bundle, or nothing.
""",
    attrs = {
        "marker": attr.label(
            doc = "A file at the workspace's root.",
            mandatory = True,
        ),
    },
    environ = [
        "PATH",
        BUNDLE_VARIABLE,
        HIDE_TOOLCHAINS,
    ],
)
