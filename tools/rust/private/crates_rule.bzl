"""rust_crates: compiles the third-party crates."""

load(":rust_info.bzl", "RustLayerInfo")

def _rust_crates_impl(ctx):
    crates = ctx.actions.declare_directory(ctx.label.name)
    args = ctx.actions.args()
    args.add("layer")
    args.add_all(ctx.files.sdk[:3])
    args.add_all([ctx.file.vendor, ctx.file.manifest, ctx.file.lock])
    args.add(crates.path)
    ctx.actions.run(
        executable = ctx.executable._builder,
        arguments = [args],
        inputs = [ctx.file.vendor, ctx.file.manifest, ctx.file.lock],
        tools = ctx.files.sdk,
        outputs = [crates],
        env = ctx.attr.env,
        execution_requirements = {"cpu:2": ""},
        mnemonic = "RustCrates",
        progress_message = "Compiling third-party Rust for %{label}",
    )
    return [
        DefaultInfo(files = depset([crates])),
        RustLayerInfo(components = ctx.files.components, crates = crates, externs = ctx.attr.externs),
    ]

rust_crates = rule(
    implementation = _rust_crates_impl,
    doc = "Rust libraries of all that a Cargo.toml depends on, out of its vendored sources.",
    attrs = {
        "components": attr.label_list(
            doc = "Files that tell of the crates, each named for a crate of `externs`: it and all that is linked with it.",
            allow_files = True,
        ),
        "env": attr.string_dict(
            doc = "What the crates' own builds read of their environment.",
        ),
        "externs": attr.string_list(
            doc = "Names of the crates that our own may use.",
            mandatory = True,
        ),
        "lock": attr.label(
            doc = "Cargo.lock.",
            allow_single_file = True,
            mandatory = True,
        ),
        "manifest": attr.label(
            doc = "Cargo.toml.",
            allow_single_file = True,
            mandatory = True,
        ),
        "sdk": attr.label(
            doc = "The machine's Rust: rustc, cargo and the linker come first.",
            cfg = "exec",
            mandatory = True,
        ),
        "vendor": attr.label(
            doc = "Tar of the folder that `cargo vendor --versioned-dirs` makes.",
            allow_single_file = True,
            mandatory = True,
        ),
        "_builder": attr.label(
            default = "//tools/rust:builder",
            executable = True,
            cfg = "exec",
        ),
    },
    provides = [RustLayerInfo],
)
