"""Repository rule for the third-party modules of go.mod and go.sum."""

load("//tools/implementation:repositories.bzl", "write_missing_toolchain")
load(":vendored.bzl", "VENDORED_ATTRS", "build_head", "go_is_missing", "modules_target", "vendor")

def _go_modules_repo_impl(repository_ctx):
    plugins, linters = repository_ctx.attr.plugins, repository_ctx.attr.linters
    missing = go_is_missing(repository_ctx)
    if missing:
        targets = ["layer", "linters"] + plugins + linters
        write_missing_toolchain(repository_ctx, missing, targets, warn = False)
        repository_ctx.file("module.bzl", 'GO_MODULE = ""\n')
        return
    mod = vendor(repository_ctx, {repository_ctx.attr.imports: "deps/deps.go"})
    repository_ctx.file("module.bzl", "GO_MODULE = %r\n" % mod["Module"]["Path"])
    repository_ctx.file("BUILD.bazel", "".join([
        build_head(["module.bzl"]),
        modules_target(repository_ctx, mod, "layer", ["std", "./deps"], plugins),
        # Apart, because only linting waits for them.
        modules_target(repository_ctx, mod, "linters", [], linters),
    ]))

go_modules_repo = repository_rule(
    implementation = _go_modules_repo_impl,
    doc = """Third-party modules, vendored: `//:layer` and the programs `plugins` and `linters`.

`GO_MODULE` of `//:module.bzl` is the import path of the module.
""",
    attrs = VENDORED_ATTRS | {
        "imports": attr.label(
            doc = "Go source whose imports are the third-party packages to compile.",
            mandatory = True,
        ),
        "linters": attr.string_list(
            doc = "Programs by name, each a `tool` line of go.mod.",
        ),
        "plugins": attr.string_list(
            doc = "Programs by name, each a `tool` line of go.mod, that are made with the layer.",
        ),
    },
)
