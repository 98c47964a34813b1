"""debian_components: tells which of Debian's packages some files are of."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")

def _debian_components_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".jsonl")
    args = ctx.actions.args()
    args.add_all([out, ctx.file.archives, ctx.file.files])
    paths = ctx.actions.args()
    paths.use_param_file("@%s", use_always = True)
    paths.set_param_file_format("multiline")
    paths.add_all(ctx.files.srcs)
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [args, paths],
        inputs = [ctx.file.archives, ctx.file.files],
        outputs = [out],
        mnemonic = "DebianComponents",
        progress_message = "Telling the packages of %{label}",
    )
    return [
        DefaultInfo(files = depset([out])),
        ComponentsInfo(files = depset([out])),
    ]

debian_components = rule(
    implementation = _debian_components_impl,
    doc = """The packages that some files of a `debian_packages_repo` are of, each once.

A rule of Bazel's own, which has no provider for that, names the target among its `applicable_licenses`: Bazel's way to tell of what a target is made of.
""",
    attrs = {
        "archives": attr.label(
            doc = "The file that tells of the packages.",
            allow_single_file = True,
            mandatory = True,
        ),
        "files": attr.label(
            doc = "The file that tells whose each file is.",
            allow_single_file = True,
            mandatory = True,
        ),
        "srcs": attr.label_list(
            doc = "Files under `root`.",
            allow_files = True,
            mandatory = True,
        ),
        "_tool": attr.label(
            default = "//tools/debian:components",
            executable = True,
            cfg = "exec",
        ),
    },
    provides = [ComponentsInfo],
)
