"""The action that tells what a Rust program has of others."""

load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

def tell_components(ctx, crate):
    """Writes down the third-party crates that a program is linked with.

    Args:
      ctx: context of a rule with the Rust toolchain and the program `_components`.
      crate: `RustCrateInfo` of the program.

    Returns:
      the File.
    """
    components = ctx.toolchains[RUST_TOOLCHAIN_TYPE].layer.components
    out = ctx.actions.declare_file(ctx.label.name + ".components.jsonl")
    sources = depset(crate.srcs, transitive = [dep.srcs for dep in crate.deps])
    args = ctx.actions.args()
    args.add(out)
    args.add_all(components)
    args.add("--")
    args.add_all(sources, expand_directories = False)
    ctx.actions.run(
        executable = ctx.executable._components,
        arguments = [args],
        inputs = depset(components, transitive = [sources]),
        outputs = [out],
        mnemonic = "RustComponents",
        progress_message = "Rust: Components %{label}",
    )
    return out
