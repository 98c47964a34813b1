"""The action that tells what a Go program has of others."""

load(":actions.bzl", "packages_below")
load(":go_toolchain.bzl", "GO_TOOLCHAIN_TYPE")

def tell_components(ctx, srcs, deps):
    """Writes down the third-party modules that a program is linked from.

    Args:
      ctx: context of a rule with the Go toolchain.
      srcs: list of files of package main.
      deps: list of `GoInfo`.

    Returns:
      the File.
    """
    toolchain = ctx.toolchains[GO_TOOLCHAIN_TYPE]
    layer = toolchain.layer
    out = ctx.actions.declare_file(ctx.label.name + ".components.jsonl")
    sources = depset(srcs + [file for package in packages_below(deps).to_list() for file in package.srcs])
    args = ctx.actions.args()
    args.add("-index", layer.index)
    args.add("-components", layer.components)
    args.add("-module", layer.module)
    args.add("-o", out)
    args.add_all(sources)
    ctx.actions.run(
        executable = toolchain.components,
        arguments = [args],
        inputs = depset([layer.index, layer.components], transitive = [sources]),
        outputs = [out],
        mnemonic = "GoComponents",
        progress_message = "Telling the modules of %{label}",
        toolchain = GO_TOOLCHAIN_TYPE,
    )
    return out
