"""The module extension of the formatters: what they read, and the one that is no wheel."""

load("//tools/format/private:npm_repo.bzl", "npm_program_repo")
load("//tools/format/private:sources_repo.bzl", "sources_repo")

def _format_impl(module_ctx):
    sources_repo(name = "sources", marker = "//:MODULE.bazel")
    npm_program_repo(
        name = "buildifier",
        lock = "//tools/format:package-lock.json",
        package = "//tools/format:package.json",
        path = "node_modules/@bazel/buildifier/buildifier-{platform}",
        program = "buildifier",
    )
    npm_program_repo(
        name = "standard_clj",
        lock = "//tools/format/standard_clj:package-lock.json",
        package = "//tools/format/standard_clj:package.json",
        path = "node_modules/@chrisoakman/standard-clojure-style/cli.mjs",
        program = "standard-clj",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["buildifier", "sources", "standard_clj"],
        root_module_direct_dev_deps = [],
    )

format = module_extension(
    implementation = _format_impl,
    doc = "Makes `@sources` (the workspace's files as filegroups), `@buildifier` and `@standard_clj`.",
)
