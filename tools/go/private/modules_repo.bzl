"""Repository rule for the third-party modules of go.mod and go.sum."""

load("//tools/implementation:repositories.bzl", "missing_toolchain", "write_missing_toolchain")

_BUILD = """\
load("{rules}", "go_modules")

package(default_visibility = ["//visibility:public"])

exports_files(["module.bzl"])

filegroup(
    name = "sources",
    srcs = glob(["deps/*.go", "vendor/**"]),
)
"""

_MODULES = """
go_modules(
    name = "{name}",
    srcs = [":sources"],
    outs = {outs},
    builder = "{builder}",
    lang = "{lang}",
    mod = "go.mod",
    module = "{module}",
    packages = {packages},
    programs = {programs},
    sdk = "{sdk}",
)
"""

def _go(repository_ctx, arguments):
    result = repository_ctx.execute(
        [repository_ctx.path(repository_ctx.attr.go)] + arguments,
        environment = {"GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local", "GOWORK": "off"},
        timeout = 900,
    )
    if result.return_code:
        fail("go %s of %s failed:\n%s%s" % (
            " ".join(arguments),
            repository_ctx.attr.mod,
            result.stdout,
            result.stderr,
        ))
    return result.stdout

def _tool(repository_ctx, mod, name):
    """Returns the import path of a program that has a `tool` line."""
    paths = [tool["Path"] for tool in mod["Tool"] or []]
    found = [path for path in paths if path.rpartition("/")[2] == name]
    if not found:
        fail("tool lines of %s: given %s, expected one that ends in /%s" % (
            repository_ctx.attr.mod,
            ", ".join(paths) or "none",
            name,
        ))
    return found[0]

def _modules(repository_ctx, name, mod, packages, programs):
    return _MODULES.format(
        name = name,
        builder = Label("//tools/go:layer_builder"),
        lang = "go" + ".".join(mod["Go"].split(".")[:2]),
        module = mod["Module"]["Path"],
        outs = [program.rpartition("/")[2] for program in programs],
        packages = packages,
        programs = programs,
        sdk = repository_ctx.attr.go.relative(":sdk"),
    )

def _go_modules_repo_impl(repository_ctx):
    missing = missing_toolchain(repository_ctx, repository_ctx.attr.missing)
    if missing:
        targets = ["layer", "linters"] + repository_ctx.attr.plugins + repository_ctx.attr.linters
        write_missing_toolchain(repository_ctx, missing, targets, warn = False)
        repository_ctx.file("module.bzl", 'GO_MODULE = ""\n')
        return
    for label, name in [
        (repository_ctx.attr.mod, "go.mod"),
        (repository_ctx.attr.sum, "go.sum"),
        (repository_ctx.attr.imports, "deps/deps.go"),
    ]:
        repository_ctx.file(name, repository_ctx.read(label))
    _go(repository_ctx, ["mod", "vendor"])

    # A BUILD file of theirs would hide what is below it from ours.
    result = repository_ctx.execute(["find", "vendor", "(", "-name", "BUILD", "-o", "-name", "BUILD.bazel", ")", "-delete"])
    if result.return_code:
        fail("the BUILD files among the modules of %s stay: %s" % (repository_ctx.attr.mod, result.stderr))
    mod = json.decode(_go(repository_ctx, ["mod", "edit", "-json"]))
    plugins = [_tool(repository_ctx, mod, name) for name in repository_ctx.attr.plugins]
    linters = [_tool(repository_ctx, mod, name) for name in repository_ctx.attr.linters]
    repository_ctx.file("module.bzl", "GO_MODULE = %r\n" % mod["Module"]["Path"])
    repository_ctx.file("BUILD.bazel", "".join([
        _BUILD.format(rules = Label(":modules_rule.bzl")),
        _modules(repository_ctx, "layer", mod, ["std", "./deps"], plugins),
        # Apart, because only linting waits for them.
        _modules(repository_ctx, "linters", mod, [], linters),
    ]))

go_modules_repo = repository_rule(
    implementation = _go_modules_repo_impl,
    doc = """Third-party modules, vendored: `//:layer` and the programs `plugins` and `linters`.

`GO_MODULE` of `//:module.bzl` is the import path of the module.
""",
    attrs = {
        "go": attr.label(
            doc = "The go command, beside the target `sdk`.",
            mandatory = True,
        ),
        "imports": attr.label(
            doc = "Go source whose imports are the third-party packages to compile.",
            mandatory = True,
        ),
        "linters": attr.string_list(
            doc = "Programs by name, each a `tool` line of go.mod.",
        ),
        "missing": attr.label(
            doc = "`missing.bzl` of the repository of Go.",
            mandatory = True,
        ),
        "mod": attr.label(
            doc = "go.mod.",
            mandatory = True,
        ),
        "plugins": attr.string_list(
            doc = "Programs by name, each a `tool` line of go.mod, that are made with the layer.",
        ),
        "sum": attr.label(
            doc = "go.sum.",
            mandatory = True,
        ),
    },
)
