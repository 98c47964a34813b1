"""rust_tool: compiles a program that the Rust rules themselves run."""

def _rust_tool_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    rustc, _, cc = ctx.files.sdk[:3]
    args = ctx.actions.args()
    args.add(ctx.file.src)
    args.add("--crate-name", ctx.label.name)
    args.add("--edition", "2024")
    args.add("-o", out)
    args.add("-C", cc, format = "linker=%s")
    args.add("-C", "strip=symbols")
    ctx.actions.run(
        executable = rustc,
        arguments = [args],
        inputs = [ctx.file.src],
        tools = ctx.files.sdk,
        outputs = [out],
        mnemonic = "RustTool",
        progress_message = "Compiling %{label} of the Rust rules",
    )
    return [DefaultInfo(executable = out, files = depset([out]))]

rust_tool = rule(
    implementation = _rust_tool_impl,
    doc = "A program of one source over the standard library, made by rustc alone: other actions and tests run it.",
    attrs = {
        "sdk": attr.label(
            doc = "The machine's Rust: rustc, cargo and the linker come first.",
            cfg = "exec",
            mandatory = True,
        ),
        "src": attr.label(
            doc = "The source.",
            allow_single_file = [".rs"],
            mandatory = True,
        ),
    },
    executable = True,
)
