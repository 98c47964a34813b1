"""The actions of the Rust rules: one function for each verb of the builder."""

load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

# Optimisation of our own crates by compilation mode: much of tonic is generic and compiled with them.
_OPT_LEVEL = {
    "dbg": "0",
    "fastbuild": "0",
    "opt": "2",
}

def libraries_below(deps):
    """Returns the libraries of our own that a crate over some crates is linked with.

    Args:
      deps: list of `RustInfo`.

    Returns:
      depset of Files.
    """
    return depset(transitive = [dep.libraries for dep in deps])

def crate_args(ctx, crate):
    """Returns the arguments that say what a crate is made of, for rustc and for clippy.

    Args:
      ctx: context of a rule with the Rust toolchain.
      crate: `RustCrateInfo`.

    Returns:
      `Args`.
    """
    toolchain = ctx.toolchains[RUST_TOOLCHAIN_TYPE]
    args = ctx.actions.args()
    args.add(crate.root)
    args.add("--crate-name", crate.name)
    args.add("--edition", toolchain.edition)
    args.add_all(["--test"] if crate.kind == "test" else ["--crate-type", crate.kind])
    args.add_all(toolchain.layer.externs, before_each = "--extern")
    args.add_all(["%s=%s" % (dep.crate, dep.library.path) for dep in crate.deps], before_each = "--extern")
    args.add_all([toolchain.layer.crates], before_each = "-L", expand_directories = False)
    directories = {library.dirname: None for library in libraries_below(crate.deps).to_list()}
    args.add_all(directories.keys(), before_each = "-L", format_each = "dependency=%s")
    return args

def _inputs(ctx, crate):
    layer = ctx.toolchains[RUST_TOOLCHAIN_TYPE].layer
    return depset(crate.srcs + [layer.crates], transitive = [libraries_below(crate.deps)])

def _run(ctx, arguments, inputs, outputs, env, mnemonic):
    toolchain = ctx.toolchains[RUST_TOOLCHAIN_TYPE]
    ctx.actions.run(
        executable = toolchain.builder,
        arguments = arguments,
        env = env,
        inputs = inputs,
        tools = toolchain.sdk,
        outputs = outputs,
        mnemonic = mnemonic,
        progress_message = mnemonic.replace("Rust", "Rust: ", 1) + " %{label}",
        toolchain = RUST_TOOLCHAIN_TYPE,
    )

def compile_crate(ctx, crate, out):
    """Compiles a crate: a library, a program, or a program that runs its tests.

    Args:
      ctx: context of a rule with the Rust toolchain.
      crate: `RustCrateInfo`.
      out: the rlib or the program.
    """
    toolchain = ctx.toolchains[RUST_TOOLCHAIN_TYPE]
    mode = ctx.var["COMPILATION_MODE"]
    verb = ctx.actions.args()
    verb.add("compile")
    verb.add(toolchain.sdk[0])
    args = crate_args(ctx, crate)
    args.add("-o", out)
    args.add("-C", toolchain.sdk[2], format = "linker=%s")

    # Two crates of one name in one program must not have the same symbols.
    args.add("-C", str(ctx.label), format = "metadata=%s")
    args.add("-C", _OPT_LEVEL[mode], format = "opt-level=%s")
    args.add_all(["-C", "debuginfo=2"] if mode == "dbg" else ["-C", "strip=symbols"])
    _run(
        ctx,
        [verb, args],
        _inputs(ctx, crate),
        [out],
        crate.env,
        "RustLibrary" if crate.kind == "lib" else "RustProgram",
    )

def lint_crate(ctx, crate, clippy, lints, out):
    """Writes what clippy and rustc have to say against a crate; nothing is an empty file.

    Args:
      ctx: context of a rule with the Rust toolchain.
      crate: `RustCrateInfo`.
      clippy: File: the program clippy-driver.
      lints: list of flags.
      out: the file to write.
    """
    verb = ctx.actions.args()
    verb.add("lint")
    verb.add(out)
    verb.add(clippy)
    args = crate_args(ctx, crate)
    args.add("--emit=metadata")
    args.add("--color=never")
    args.add_all(lints)
    inputs = depset([clippy], transitive = [_inputs(ctx, crate)])
    _run(ctx, [verb, args], inputs, [out], crate.env, "RustClippy")
