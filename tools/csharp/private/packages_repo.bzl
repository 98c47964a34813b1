"""Repository rule for the NuGet packages of a project and its packages.lock.json."""

load("//tools/implementation:repositories.bzl", "component", "missing_toolchain", "write_missing_toolchain")
load(":versions.bzl", "DOTNET_ENV")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

exports_files([
    "packages.bzl",
    "components.jsonl",
])

filegroup(
    name = "archives",
    srcs = ["archives.jsonl"],
)

filegroup(
    name = "assemblies",
    srcs = {assemblies},
)

filegroup(
    name = "grpc_csharp_plugin",
    srcs = ["{plugin}"],
)
"""

_PLUGIN_PACKAGE = "grpc.tools"

def _restore(repository_ctx):
    """Lets the dotnet command fetch what the lock says."""
    feed = repository_ctx.read(repository_ctx.attr.feed)
    here = str(repository_ctx.path("."))
    command = [
        str(repository_ctx.path(repository_ctx.attr.dotnet).realpath),
        "restore",
        repository_ctx.attr.project.name,
        "--locked-mode",
        "-nodeReuse:false",
    ]
    result = repository_ctx.execute(
        command + (["--source", feed] if feed else []),
        environment = DOTNET_ENV | {"DOTNET_CLI_HOME": here + "/home", "NUGET_PACKAGES": here + "/packages"},
        timeout = 600,
    )
    if result.return_code:
        fail("%s for %s failed:\n%s%s" % (" ".join(command), repository_ctx.attr.lock, result.stdout, result.stderr))

def _assemblies(assets):
    """Returns the paths of the assemblies that programs are compiled and run with, by package."""
    paths = {}
    for packages in assets["targets"].values():
        for name, package in packages.items():
            folder = "packages/%s/" % assets["libraries"][name]["path"]
            found = [folder + path for path in package.get("runtime", {}) if path.endswith(".dll")]
            if found:
                paths[name.partition("/")[0]] = found
    return paths

def _licence(nuspec):
    """Returns what the manifest of a package says of its licence; empty where it names a file."""
    _, _, element = nuspec.partition("<license ")
    if element.startswith('type="expression"'):
        return element.partition(">")[2].partition("<")[0]
    return nuspec.partition("<licenseUrl>")[2].partition("<")[0]

def _tell_archives(repository_ctx, lock, assets, assemblies):
    """Writes archives.jsonl, with a line for each package, and components.jsonl for those that programs have."""
    [packages] = json.decode(lock)["dependencies"].values()
    lines = {}
    for name, package in packages.items():
        folder = "packages/%s" % assets["libraries"]["%s/%s" % (name, package["resolved"])]["path"]
        lines[name] = component(
            hash = "sha512-" + package["contentHash"],
            licence = _licence(repository_ctx.read("%s/%s.nuspec" % (folder, name.lower()))),
            purl = "pkg:nuget/%s@%s" % (name, package["resolved"].replace("+", "%2B")),
        )
    repository_ctx.file("archives.jsonl", "".join(lines.values()))
    repository_ctx.file("components.jsonl", "".join([line for name, line in lines.items() if name in assemblies]))

def _versions(lock):
    [packages] = json.decode(lock)["dependencies"].values()
    return {name: package["resolved"] for name, package in packages.items()}

def _csharp_packages_repo_impl(repository_ctx):
    missing = missing_toolchain(repository_ctx, repository_ctx.attr.missing)
    lock = repository_ctx.read(repository_ctx.attr.lock)
    versions = _versions(lock)
    repository_ctx.file("packages.bzl", "PACKAGE_VERSIONS = %r\n" % versions)
    if missing:
        write_missing_toolchain(repository_ctx, missing, ["archives", "assemblies", "components.jsonl", "grpc_csharp_plugin"], warn = False)
        return
    repository_ctx.file(repository_ctx.attr.project.name, repository_ctx.read(repository_ctx.attr.project))
    repository_ctx.file("packages.lock.json", lock)
    _restore(repository_ctx)
    system = "macosx" if repository_ctx.os.name.startswith("mac") else "linux"
    machine = "arm64" if repository_ctx.os.arch == "aarch64" and system == "linux" else "x64"
    plugin = "packages/%s/%s/tools/%s_%s/grpc_csharp_plugin" % (
        _PLUGIN_PACKAGE,
        versions["Grpc.Tools"],
        system,
        machine,
    )
    repository_ctx.execute(["chmod", "a+x", plugin])
    assets = json.decode(repository_ctx.read("obj/project.assets.json"))
    assemblies = _assemblies(assets)
    _tell_archives(repository_ctx, lock, assets, assemblies)
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        assemblies = sorted([path for paths in assemblies.values() for path in paths]),
        plugin = plugin,
    ))

csharp_packages_repo = repository_rule(
    implementation = _csharp_packages_repo_impl,
    doc = """NuGet packages: the dependency layer, which comes compiled. `//:assemblies`, `//:grpc_csharp_plugin`;
`//:archives` tells of each, `//:components.jsonl` of those with assemblies.

`PACKAGE_VERSIONS` of `//:packages.bzl` is a dict of the versions in the lock.
""",
    attrs = {
        "dotnet": attr.label(
            doc = "The dotnet command.",
            mandatory = True,
        ),
        "feed": attr.label(
            doc = "File with the path of a folder of packages; empty: where the dotnet command looks by itself.",
            mandatory = True,
        ),
        "lock": attr.label(
            doc = "packages.lock.json.",
            mandatory = True,
        ),
        "missing": attr.label(
            doc = "missing.bzl of the toolchain's repository.",
            mandatory = True,
        ),
        "project": attr.label(
            doc = "The project that names the packages.",
            mandatory = True,
        ),
    },
)
