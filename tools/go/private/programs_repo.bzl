"""Repository rule for programs out of third-party modules."""

load("//tools/implementation:repositories.bzl", "write_missing_toolchain")
load(":vendored.bzl", "VENDORED_ATTRS", "build_head", "go_is_missing", "modules_target", "vendor")

def _go_programs_repo_impl(repository_ctx):
    programs = repository_ctx.attr.programs
    missing = go_is_missing(repository_ctx)
    if missing:
        write_missing_toolchain(repository_ctx, missing, ["archives", "programs"] + programs, warn = False)
        return
    mod = vendor(repository_ctx)
    repository_ctx.file("BUILD.bazel", "".join([
        build_head([]),
        modules_target(repository_ctx, mod, "programs", [], programs),
    ]))

go_programs_repo = repository_rule(
    implementation = _go_programs_repo_impl,
    doc = """Programs out of third-party modules, made of a go.mod and go.sum of their own: `//:PROGRAM` for each.

The lock is apart from the workspace's own Go code, so that neither decides the other's versions.
""",
    attrs = VENDORED_ATTRS | {
        "programs": attr.string_list(
            doc = "Programs by name, each a `tool` line of go.mod.",
            mandatory = True,
        ),
    },
)
