"""Repository rule for one program out of an npm package of a locked package.json."""

load("//tools/node:repositories.bzl", "tell_archives")
load(":versions.bzl", "NPM_INSTALL")

_PROGRAM = """\
exports_files(
    [
        "archives.jsonl",
        "{name}",
    ],
    visibility = ["//visibility:public"],
)
"""

_MISSING = """\
package(default_visibility = ["//visibility:public"])

filegroup(name = "archives.jsonl")

filegroup(name = "{name}")
"""

def _platform(repository_ctx):
    system = "darwin" if repository_ctx.os.name.startswith("mac") else "linux"
    machine = {"aarch64": "arm64", "arm64": "arm64"}.get(repository_ctx.os.arch, "amd64")
    return "%s_%s" % (system, machine)

def _npm_program_repo_impl(repository_ctx):
    name = repository_ctx.attr.program
    npm = repository_ctx.which("npm")
    if not npm:
        missing = "no npm on PATH, which fetches %s: %s" % (name, NPM_INSTALL)

        # buildifier: disable=print
        print("WARNING: %s is not checked: %s" % (name, missing))
        repository_ctx.file("BUILD.bazel", _MISSING.format(name = name))
        repository_ctx.file("missing.bzl", "MISSING = %r\n" % missing)
        return
    for label in (repository_ctx.attr.package, repository_ctx.attr.lock):
        repository_ctx.symlink(repository_ctx.path(label), label.name)
    result = repository_ctx.execute([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], timeout = 300)
    if result.return_code:
        fail("npm ci of %s failed:\n%s%s" % (repository_ctx.attr.lock, result.stdout, result.stderr))
    tell_archives(repository_ctx, json.decode(repository_ctx.read(repository_ctx.attr.lock)))
    program = repository_ctx.attr.path.format(platform = _platform(repository_ctx))
    repository_ctx.symlink(program, name)
    repository_ctx.file("BUILD.bazel", _PROGRAM.format(name = name))
    repository_ctx.file("missing.bzl", 'MISSING = ""\n')

npm_program_repo = repository_rule(
    implementation = _npm_program_repo_impl,
    doc = """One program that an npm package carries as a binary: `//:PROGRAM`; `//:archives.jsonl` tells of the package.

Without npm on the machine the target is empty, and `MISSING` of `//:missing.bzl` says why; it is
the empty string otherwise.
""",
    attrs = {
        "lock": attr.label(
            doc = "package-lock.json.",
            mandatory = True,
        ),
        "package": attr.label(
            doc = "package.json.",
            mandatory = True,
        ),
        "path": attr.string(
            doc = "The binary's path; `{platform}` stands for `linux_amd64` and the like.",
            mandatory = True,
        ),
        "program": attr.string(
            doc = "The target's name.",
            mandatory = True,
        ),
    },
    environ = ["PATH"],
)
