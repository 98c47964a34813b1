"""For repository rules: the third-party modules of a go.mod, vendored, and programs out of them."""

load("//tools/implementation:repositories.bzl", "missing_toolchain")
load(":archives.bzl", "tell_archives")

# What every repository of modules is given.
VENDORED_ATTRS = {
    "go": attr.label(
        doc = "The go command, beside the target `sdk`.",
        mandatory = True,
    ),
    "missing": attr.label(
        doc = "`missing.bzl` of the repository of Go.",
        mandatory = True,
    ),
    "mod": attr.label(
        doc = "go.mod.",
        mandatory = True,
    ),
    "sum": attr.label(
        doc = "go.sum.",
        mandatory = True,
    ),
}

_BUILD = """\
load("{rules}", "go_modules")

package(default_visibility = ["//visibility:public"])

exports_files({exported})

filegroup(
    name = "archives",
    srcs = ["archives.jsonl"],
)

filegroup(
    name = "sources",
    srcs = glob(
        ["deps/*.go", "vendor/**"],
        allow_empty = True,
    ),
)
"""

_MODULES = """
go_modules(
    name = "{name}",
    srcs = [":sources"],
    outs = {outs},
    builder = "{builder}",
    lang = "{lang}",
    components = "archives.jsonl",
    mod = "go.mod",
    module = "{module}",
    packages = {packages},
    programs = {programs},
    sdk = "{sdk}",
)
"""

def go_is_missing(repository_ctx):
    """Returns why there is no Go on this machine; empty where there is."""
    return missing_toolchain(repository_ctx, repository_ctx.attr.missing)

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

def vendor(repository_ctx, sources = {}):
    """Makes the folder `vendor` of what the `tool` lines and the sources import, and archives.jsonl.

    Args:
      repository_ctx: context of a rule with VENDORED_ATTRS.
      sources: dict of labels of Go sources to their paths in the module.

    Returns:
      go.mod, as `go mod edit -json` prints it.
    """
    files = {repository_ctx.attr.mod: "go.mod", repository_ctx.attr.sum: "go.sum"} | sources
    for label, path in files.items():
        repository_ctx.file(path, repository_ctx.read(label))
    _go(repository_ctx, ["mod", "vendor"])

    # What is in the cache is not compared again by itself.
    _go(repository_ctx, ["mod", "verify"])
    tell_archives(repository_ctx)

    # A BUILD file of theirs would hide what is below it from ours.
    result = repository_ctx.execute(["find", "vendor", "(", "-name", "BUILD", "-o", "-name", "BUILD.bazel", ")", "-delete"])
    if result.return_code:
        fail("the BUILD files among the modules of %s stay: %s" % (repository_ctx.attr.mod, result.stderr))
    return json.decode(_go(repository_ctx, ["mod", "edit", "-json"]))

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

def build_head(exported):
    """Returns the start of the BUILD file of a vendored module, which exports some files."""
    return _BUILD.format(exported = exported, rules = Label(":modules_rule.bzl"))

def modules_target(repository_ctx, mod, name, packages, programs):
    """Returns the text of a target that compiles a part of a vendored module.

    Args:
      repository_ctx: context of a rule with VENDORED_ATTRS.
      mod: what `vendor` has returned.
      name: string: the target's name.
      packages: list of strings: packages to compile, as the go command names them.
      programs: list of strings: programs by name, each a `tool` line of go.mod.
    """
    return _MODULES.format(
        name = name,
        builder = Label("//tools/go:layer_builder"),
        lang = "go" + ".".join(mod["Go"].split(".")[:2]),
        module = mod["Module"]["Path"],
        outs = programs,
        packages = packages,
        programs = [_tool(repository_ctx, mod, program) for program in programs],
        sdk = repository_ctx.attr.go.relative(":sdk"),
    )
