"""Repository rule that finds a .NET SDK: in a bundle, or on the machine."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load(":versions.bzl", "BUNDLE", "DOTNET_AT_LEAST", "DOTNET_COMMANDS", "DOTNET_ENV", "DOTNET_INSTALL")

_BUNDLE_VARIABLE = "STOCK_DOTNET_BUNDLE"

_BUILD = """\
package(default_visibility = ["//visibility:public"])

# The dotnet command first, then the compiler. The SDK is used where it stands: the files here make actions
# notice another one.
filegroup(
    name = "sdk",
    srcs = [
        "dotnet",
        "csc.dll",
        "version",
    ],
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

# What programs run with.
filegroup(
    name = "runtime",
    srcs = ["dotnet"],
)

exports_files(["dotnet", "feed"] + glob(["*.bzl"]))
"""

_PACKS = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"]

_TARGETS = ["analyzers", "references", "runtime", "sdk"]

def _number(version):
    """Returns a version as something that sorts; what is no release comes first."""
    parts = version.split(".")
    return [int(part) if part.isdigit() else -1 for part in parts]

def _newest(folder):
    """Returns the newest version among a folder's children, or None."""
    if not folder.exists:
        return None
    versions = [child.basename for child in folder.readdir()]
    wanted = [version for version in versions if _number(version)[0] == DOTNET_AT_LEAST]
    return sorted(wanted, key = _number)[-1] if wanted else None

def _bundle(repository_ctx):
    """Returns the bundle's folder, or None; a string says why a bundle that was asked for will not do."""
    named = repository_ctx.getenv(_BUNDLE_VARIABLE)
    workspace = repository_ctx.path(repository_ctx.attr.marker).dirname
    folder = workspace.get_child(named) if named else workspace.dirname.get_child("shared", "dotnet")
    fits = repository_ctx.os.name == "linux" and repository_ctx.os.arch == "amd64"
    complete = not [file for file in BUNDLE if not folder.get_child(file).exists]
    if named and not (fits and complete):
        return "%s = %s has no bundle for %s %s" % (_BUNDLE_VARIABLE, named, repository_ctx.os.name, repository_ctx.os.arch)
    return folder if fits and complete else None

def _unpack(repository_ctx, folder):
    """Unpacks a bundle; returns the SDK's root, or why it will not do."""
    for file, digest in BUNDLE.items():
        unpacked = repository_ctx.download_and_extract(
            "file://%s" % folder.get_child(file),
            output = "sdk" if file == "sdk.tar.xz" else "",
            sha256 = digest,
            allow_fail = True,
        )
        if not unpacked.success:
            return "%s is not the pinned one" % folder.get_child(file)
    return repository_ctx.path("sdk")

def _probe(repository_ctx, command):
    """Returns the root of a dotnet command's SDK, or why it will not do."""
    result = repository_ctx.execute([command, "--list-sdks"], environment = DOTNET_ENV, timeout = 60)
    if result.return_code:
        return "%s does not run: %s" % (command, (result.stderr.strip() or "it says nothing").split("\n")[0])
    roots = [line.partition(" [")[2].removesuffix("]") for line in result.stdout.strip().split("\n")]
    for root in roots:
        if root.endswith("/sdk"):
            return repository_ctx.path(root).dirname
    return "%s has no SDK" % command

def _layout(root):
    """Returns struct(root, version, packs) of a complete SDK, or why it will not do."""
    version = _newest(root.get_child("sdk"))
    if not version:
        return "%s has no SDK %d" % (root, DOTNET_AT_LEAST)
    packs = {pack: _newest(root.get_child("packs", pack)) for pack in _PACKS}
    lacking = [pack for pack in packs if not packs[pack]]
    if not _newest(root.get_child("shared", "Microsoft.AspNetCore.App")):
        lacking.append("the ASP.NET Core runtime")
    if lacking:
        return "%s lacks %s" % (root, ", ".join(lacking))
    return struct(packs = packs, root = root, version = version)

def _find(repository_ctx):
    """Returns struct(root, version, packs, feed), or the reason why there is no .NET."""
    wanted = "no .NET SDK %d" % DOTNET_AT_LEAST
    if toolchain_is_hidden(repository_ctx, "csharp"):
        return "%s: %s hides it" % (wanted, HIDE_TOOLCHAINS)
    refused = []
    bundle = _bundle(repository_ctx)
    candidates = [bundle] if bundle else []
    candidates += [
        repository_ctx.which(name) if "/" not in name else repository_ctx.path(name)
        for name in DOTNET_COMMANDS
        if not toolchain_is_hidden(repository_ctx, name)
    ]
    for candidate in candidates:
        if candidate == None or type(candidate) != "string" and not candidate.exists:
            continue
        found = candidate
        if candidate == bundle and type(bundle) != "string":
            found = _unpack(repository_ctx, bundle)
        elif type(candidate) != "string":
            found = _probe(repository_ctx, candidate)
        found = found if type(found) == "string" else _layout(found)
        if type(found) != "string":
            feed = str(repository_ctx.path("nuget")) if candidate == bundle else ""
            return struct(feed = feed, packs = found.packs, root = found.root, version = found.version)
        refused.append(found)
    return "%s (%s): %s" % (wanted, "; ".join(refused) or "no bundle, no dotnet on PATH", DOTNET_INSTALL)

def _dotnet_repo_impl(repository_ctx):
    found = _find(repository_ctx)
    if type(found) == "string":
        repository_ctx.file("dotnet", "")
        repository_ctx.file("feed", "")
        write_missing_toolchain(repository_ctx, found, _TARGETS)
        return
    sdk = found.root.get_child("sdk", found.version)
    repository_ctx.symlink(found.root.get_child("dotnet"), "dotnet")
    repository_ctx.symlink(sdk.get_child("Roslyn", "bincore", "csc.dll"), "csc.dll")
    for pack, version in found.packs.items():
        for file in found.root.get_child("packs", pack, version, "ref", "net%d.0" % DOTNET_AT_LEAST).readdir():
            if file.basename.endswith(".dll"):
                repository_ctx.symlink(file, "ref/" + file.basename)
    analyzers = sdk.get_child("Sdks", "Microsoft.NET.Sdk", "analyzers")
    for file in analyzers.readdir():
        if file.basename.endswith(".dll"):
            repository_ctx.symlink(file, "analyzers/" + file.basename)
    repository_ctx.symlink(
        analyzers.get_child("build", "config", "analysislevel_%d_recommended.globalconfig" % DOTNET_AT_LEAST),
        "analyzers/recommended.globalconfig",
    )
    runtime = _newest(found.root.get_child("shared", "Microsoft.AspNetCore.App"))
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
        _BUNDLE_VARIABLE,
        HIDE_TOOLCHAINS,
    ],
)
