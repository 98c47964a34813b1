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

# The go command first. GOROOT is used where it stands: the files here make actions notice another one.
filegroup(
    name = "sdk",
    srcs = {files},
)

exports_files([
    "gofmt",
    "missing.bzl",
])
"""

_VARIABLES = ["GOROOT", "GOTOOLDIR", "GOVERSION"]

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
        repository_ctx.file("go", "")
        write_missing_toolchain(repository_ctx, found, ["gofmt", "sdk"])
        return
    goroot, tools = found
    for path in ["bin/go", "bin/gofmt", "VERSION"]:
        repository_ctx.symlink(goroot + "/" + path, path.rpartition("/")[2])
    for tool in _TOOLS:
        repository_ctx.symlink(tools + "/" + tool, "tool/" + tool)
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        files = ["go", "VERSION"] + ["tool/" + tool for tool in _TOOLS],
    ))
    write_found_toolchain(repository_ctx)

go_sdk_repo = repository_rule(
    implementation = _go_sdk_repo_impl,
    doc = """The machine's Go: `//:sdk` and `//:gofmt`.

Where there is none, or only one that is too old, both are incompatible, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise.
""",
    environ = [
        "PATH",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
