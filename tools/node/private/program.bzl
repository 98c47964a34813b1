"""What the rules for programs and tests have in common."""

load(":actions.bzl", "bundle")
load(":node_info.bzl", "NodeInfo")
load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")

PROGRAM_ATTRS = {
    "data": attr.label_list(
        doc = "Files and programs to have in the runfiles.",
        allow_files = True,
    ),
    "deps": attr.label_list(
        doc = "The library that `entry` is a source of, and others.",
        providers = [NodeInfo],
        mandatory = True,
    ),
    "entry": attr.label(
        doc = "The source that is run: one of a library in `deps`, which has its types checked.",
        allow_single_file = [".ts"],
        mandatory = True,
    ),
    "_sdk": attr.label(default = "@node//:sdk"),
}

def bundle_entry(ctx, out, flag = "", components = None):
    """Bundles the entry of a target.

    Args:
      ctx: context of a rule with `PROGRAM_ATTRS` and the Node.js toolchain.
      out: the executable file.
      flag: string: a flag of Node.js.
      components: a file for what `out` has of others; or None.
    """
    sources = depset(transitive = [dep[NodeInfo].sources for dep in ctx.attr.deps])
    if ctx.file.entry not in sources.to_list():
        fail("entry of %s: given %s, expected a source of a library in deps" % (ctx.label, ctx.file.entry.short_path))
    bundle(ctx, ctx.file.entry, out, sources, flag, components)

def runfiles_of(ctx, files):
    """Returns runfiles: some files, what `data` has, and what another Node.js has otherwise.

    Args:
      ctx: context of a rule with `PROGRAM_ATTRS` and the Node.js toolchain.
      files: list of Files.
    """
    machine = [ctx.toolchains[NODE_TOOLCHAIN_TYPE].version]
    return ctx.runfiles(files = files + machine + ctx.files.data).merge_all(
        [target[DefaultInfo].default_runfiles for target in ctx.attr.data],
    )
