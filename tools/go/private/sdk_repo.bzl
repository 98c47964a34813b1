"""Repository rule that finds the machine's Go."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "GO", "GO_COMMANDS")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

# A GOROOT, as far as it is needed: actions elsewhere have these files and no Go.
# The go command first, then the programs of the toolchain.
filegroup(
    name = "sdk",
    srcs = {files},
)

# What the go command compiles the standard library from.
filegroup(
    name = "std",
    srcs = glob(
        [
            "go.env",
            "pkg/include/**",
            "src/**",
        ],
        exclude = [
            "src/**/*_test.go",
            "src/**/testdata/**",
            "src/cmd/**",
        ],
    ),
)

exports_files([
    "bin/go",
    "missing.bzl",
])

filegroup(
    name = "gofmt",
    srcs = ["bin/gofmt"],
)
"""

_VARIABLES = ["GOROOT", "GOTOOLDIR", "GOVERSION"]

_LINKED = ["VERSION", "bin/go", "bin/gofmt", "go.env", "pkg/include", "src"]

_TOOLS = ["asm", "compile", "link", "vet"]

def _number(text):
    digits = "".join([c for c in text.elems() if c.isdigit()])

    # What follows the digits makes it an earlier version: 26rc1.
    return int(digits) if digits == text else -1

def _probe(repository_ctx, command):
    """Returns (GOROOT, folder of tools) or a string that says why the command will not do."""
    result = repository_ctx.execute(
        [command, "env", "-json"] + _VARIABLES,
        environment = {"GOENV": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOWORK": "off"},
        timeout = 30,
    )
    if result.return_code:
        return "%s does not run: %s" % (command, result.stderr.strip().split("\n")[0])
    found = json.decode(result.stdout, default = {})
    if type(found) != "dict" or sorted(found) != _VARIABLES:
        return "%s is no go command: it printed %r" % (command, result.stdout.strip()[:80])
    version = found["GOVERSION"].removeprefix("go").split(" ")[0]
    parts = [_number(part) for part in version.split(".")]
    if tuple(parts[:2]) < GO.at_least:
        return "%s is Go %s" % (command, version)
    return (found["GOROOT"], found["GOTOOLDIR"])

def _find(repository_ctx):
    """Returns (GOROOT, folder of tools) or the reason why there is no Go."""
    if toolchain_is_hidden(repository_ctx, "go"):
        return hidden(GO)
    refused = []
    for name in GO_COMMANDS:
        command = repository_ctx.which(name) if "/" not in name else repository_ctx.path(name)
        if not command or not command.exists or toolchain_is_hidden(repository_ctx, name):
            continue
        found = _probe(repository_ctx, command)
        if type(found) == "tuple":
            return found
        refused.append(found)
    return lacking(GO, "; ".join(refused) or "no go on PATH")

def _go_sdk_repo_impl(repository_ctx):
    found = _find(repository_ctx)
    if type(found) == "string":
        repository_ctx.file("bin/go", "")
        write_missing_toolchain(repository_ctx, found, ["gofmt", "sdk", "std"])
        return
    goroot, tools = found
    for path in _LINKED:
        if repository_ctx.path(goroot + "/" + path).exists:
            repository_ctx.symlink(goroot + "/" + path, path)
    folder = "pkg/tool/%s/" % tools.rpartition("/")[2]
    for tool in _TOOLS:
        repository_ctx.symlink(tools + "/" + tool, folder + tool)
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        files = ["bin/go", "VERSION"] + [folder + tool for tool in _TOOLS],
    ))
    write_found_toolchain(repository_ctx)

go_sdk_repo = repository_rule(
    implementation = _go_sdk_repo_impl,
    doc = """The machine's Go: `//:sdk`, `//:std` and `//:gofmt`.

Where there is none, or only one that is too old, all are incompatible, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise.
""",
    environ = [
        "PATH",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
