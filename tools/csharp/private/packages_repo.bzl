"""Repository rule for the NuGet packages of a project and its packages.lock.json."""

load("//tools/implementation:repositories.bzl", "missing_toolchain", "write_missing_toolchain")
load(":versions.bzl", "DOTNET_ENV")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

exports_files(["packages.bzl"])

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
    """Returns the paths of the assemblies that programs are compiled and run with."""
    paths = []
    for packages in assets["targets"].values():
        for name, package in packages.items():
            folder = "packages/%s/" % assets["libraries"][name]["path"]
            paths += [folder + path for path in package.get("runtime", {}) if path.endswith(".dll")]
    return sorted(paths)

def _versions(lock):
    [packages] = json.decode(lock)["dependencies"].values()
    return {name: package["resolved"] for name, package in packages.items()}

def _csharp_packages_repo_impl(repository_ctx):
    missing = missing_toolchain(repository_ctx, repository_ctx.attr.missing)
    lock = repository_ctx.read(repository_ctx.attr.lock)
    versions = _versions(lock)
    repository_ctx.file("packages.bzl", "PACKAGE_VERSIONS = %r\n" % versions)
    if missing:
        write_missing_toolchain(repository_ctx, missing, ["assemblies", "grpc_csharp_plugin"], warn = False)
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
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        assemblies = _assemblies(json.decode(repository_ctx.read("obj/project.assets.json"))),
        plugin = plugin,
    ))

csharp_packages_repo = repository_rule(
    implementation = _csharp_packages_repo_impl,
    doc = """NuGet packages: the dependency layer, which comes compiled. `//:assemblies`, `//:grpc_csharp_plugin`.

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
