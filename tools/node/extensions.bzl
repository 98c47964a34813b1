"""The module extension of Node.js: the machine's Node.js and the third-party packages."""

load("//tools/node/private:node_repo.bzl", "node_repo")
load("//tools/node/private:packages_repo.bzl", "node_packages_repo")

def _node_impl(module_ctx):
    node_repo(name = "node")
    node_packages_repo(
        name = "node_deps",
        lock = "//node:package-lock.json",
        manifest = "//node:package.json",
        missing = "@node//:missing.bzl",
        npm = "@node//:npm",
        plugins = ["ts-proto"],
        programs = {"biome": "@biomejs/cli-{platform}/biome"},
        proto_library = "admin_proto",
        protos = {
            "grpc/health/v1/health.proto": "grpc-health-check/proto/health/v1/health.proto",
            "grpc/reflection/v1/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
            "grpc/reflection/v1alpha/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto",
        },
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["node", "node_deps"],
        root_module_direct_dev_deps = [],
    )

node = module_extension(
    implementation = _node_impl,
    doc = "Makes `@node` (the machine's Node.js) and `@node_deps` (the packages of package-lock.json).",
)
