"""Repository rule for the third-party modules of go.mod and go.sum."""

load("//tools/implementation:repositories.bzl", "write_missing_toolchain")
load(":vendored.bzl", "VENDORED_ATTRS", "build_head", "go_is_missing", "modules_target", "vendor")

def _versions(mod):
    """Returns the versions that a go.mod asks for, by module."""
    requirements = [line.strip().split(" ") for line in mod.split("\n") if line.startswith("\t")]
    return {words[0]: words[1].removeprefix("v") for words in requirements if len(words) > 1}

def _write_module(repository_ctx, path):
    mod = repository_ctx.read(repository_ctx.attr.mod)
    [language] = [line.removeprefix("go ") for line in mod.split("\n") if line.startswith("go ")]
    repository_ctx.file("module.bzl", "GO_MODULE = %r\nGO_VERSION = %r\nGO_VERSIONS = %r\n" % (path, language, _versions(mod)))

def _go_modules_repo_impl(repository_ctx):
    plugins, linters = repository_ctx.attr.plugins, repository_ctx.attr.linters
    missing = go_is_missing(repository_ctx)
    if missing:
        targets = ["archives", "layer", "linters"] + plugins + linters
        write_missing_toolchain(repository_ctx, missing, targets, warn = False)
        _write_module(repository_ctx, "")
        return
    mod = vendor(repository_ctx, {repository_ctx.attr.imports: "deps/deps.go"})
    _write_module(repository_ctx, mod["Module"]["Path"])
    repository_ctx.file("BUILD.bazel", "".join([
        build_head(["module.bzl"]),
        modules_target(repository_ctx, mod, "layer", ["std", "./deps"], plugins),
        # Apart, because only linting waits for them.
        modules_target(repository_ctx, mod, "linters", [], linters),
    ]))

go_modules_repo = repository_rule(
    implementation = _go_modules_repo_impl,
    doc = """Third-party modules, vendored: `//:layer` and the programs `plugins` and `linters`.

`GO_MODULE` of `//:module.bzl` is the import path of the module, `GO_VERSIONS` a dict of the versions that go.mod
asks for, `GO_VERSION` the version of the language.
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
