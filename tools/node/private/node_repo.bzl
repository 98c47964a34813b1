"""Repository rule that finds the machine's Node.js."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "NODE", "NODE_COMMANDS", "NPM")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

# node first. It is used where it stands: the file `version` makes actions notice another one.
filegroup(
    name = "sdk",
    srcs = [
        "node",
        "version",
    ],
)

exports_files(["npm"] + glob(["*.bzl"]))
"""

# Asks for all versions, so that another libc or OpenSSL below the same Node.js is noticed too.
_QUESTION = "console.log(JSON.stringify([process.version, process.execPath, process.versions]))"

def _probe(repository_ctx, command):
    """Returns struct(path, versions) or a string that says why the command will not do."""
    result = repository_ctx.execute([command, "-e", _QUESTION], environment = {"NODE_OPTIONS": ""}, timeout = 30)
    if result.return_code:
        return "%s does not run: %s" % (command, (result.stderr.strip() or "it says nothing").split("\n")[0])
    found = json.decode(result.stdout, default = None)
    if type(found) != "list" or len(found) != 3:
        return "%s is no node command: it printed %r" % (command, result.stdout.strip()[:80])
    version = found[0].removeprefix("v")
    parts = version.split(".")
    if len(parts) < 2 or not (parts[0] + parts[1]).isdigit():
        return "%s tells no version" % command
    if (int(parts[0]), int(parts[1])) < NODE.at_least:
        return "%s is Node.js %s" % (command, version)
    return struct(path = found[1], versions = found[2])

def _find(repository_ctx):
    """Returns struct(node, npm, versions) or the reason why there is no Node.js."""
    if toolchain_is_hidden(repository_ctx, "node"):
        return hidden(NODE)
    npm = repository_ctx.which("npm")
    if not npm:
        return lacking(NPM, "no npm on PATH")
    refused = []
    for name in NODE_COMMANDS:
        command = repository_ctx.which(name) if "/" not in name else repository_ctx.path(name)
        if not command or not command.exists or toolchain_is_hidden(repository_ctx, name):
            continue
        found = _probe(repository_ctx, command)
        if type(found) != "string":
            return struct(node = found.path, npm = npm, versions = found.versions)
        refused.append(found)
    return lacking(NODE, "; ".join(refused) or "no node on PATH")

def _node_repo_impl(repository_ctx):
    found = _find(repository_ctx)
    if type(found) == "string":
        repository_ctx.file("npm", "")
        repository_ctx.file("interpreter.bzl", 'NODE = ""\n')
        write_missing_toolchain(repository_ctx, found, ["sdk"])
        return
    repository_ctx.symlink(found.node, "node")
    repository_ctx.symlink(found.npm, "npm")
    repository_ctx.file("version", json.encode_indent(found.versions) + "\n")
    repository_ctx.file("interpreter.bzl", "NODE = %r\n" % found.node)
    repository_ctx.file("BUILD.bazel", _BUILD)
    write_found_toolchain(repository_ctx)

node_repo = repository_rule(
    implementation = _node_repo_impl,
    doc = """The machine's Node.js: `//:sdk` and `//:npm`; `NODE` of `//:interpreter.bzl` is its path.

Where there is none, or only one that is too old, or no npm, nothing can be built with it, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise.
""",
    environ = [
        "PATH",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
