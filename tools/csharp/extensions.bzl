"""The module extension of C#: a .NET SDK and the third-party packages."""

load("//tools/csharp/private:dotnet_repo.bzl", "dotnet_repo")
load("//tools/csharp/private:packages_repo.bzl", "csharp_packages_repo")

def _csharp_impl(module_ctx):
    dotnet_repo(
        name = "dotnet",
        marker = "//:MODULE.bazel",
    )
    csharp_packages_repo(
        name = "csharp_deps",
        dotnet = "@dotnet//:dotnet",
        feed = "@dotnet//:feed",
        lock = "//csharp:packages.lock.json",
        missing = "@dotnet//:missing.bzl",
        project = "//csharp:stock.csproj",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["csharp_deps", "dotnet"],
        root_module_direct_dev_deps = [],
    )

csharp = module_extension(
    implementation = _csharp_impl,
    doc = "Makes `@dotnet` (a .NET SDK) and `@csharp_deps` (the packages of packages.lock.json).",
)
