"""rust_editor: a rust-project.json for rust-analyzer."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "editor_path", "made_by_rules")
load(":rust_info.bzl", "RustCrateInfo", "RustLayerInfo")
load(":versions.bzl", "EDITION")

def _crate(target):
    crate = target[RustCrateInfo]
    return {
        "deps": [dep.crate for dep in crate.deps],
        "display_name": crate.name,
        "env": crate.env,
        "kind": crate.kind,
        "root_module": editor_path(crate.root),
    }

def _describe(ctx, folder):
    """Runs the program that writes what rust-analyzer reads; returns struct(project, sources, macros)."""
    own = ctx.actions.declare_file(ctx.label.name + "/own.json")
    ctx.actions.write(own, json.encode({
        "crates": [_crate(target) for target in ctx.attr.crates],
        "edition": EDITION,
        "externs": ctx.attr.layer[RustLayerInfo].externs,
        "sources": "@WORKSPACE@/" + folder,
    }))
    found = struct(
        macros = ctx.actions.declare_directory(ctx.label.name + "/macros"),
        project = ctx.actions.declare_file(ctx.label.name + "/rust-project.json"),
        sources = ctx.actions.declare_file(ctx.label.name + "/sources.tar"),
    )
    args = ctx.actions.args()
    args.add_all([own, ctx.file.metadata, ctx.file.vendor, ctx.files.sdk[0]])
    args.add_all([ctx.attr.layer[RustLayerInfo].crates], expand_directories = False)
    args.add_all([found.project, found.sources])
    args.add_all([found.macros], expand_directories = False)
    args.add(editor_path(found.macros.path))
    ctx.actions.run(
        executable = ctx.executable._describe,
        arguments = [args],
        inputs = [own, ctx.file.metadata, ctx.file.vendor, ctx.attr.layer[RustLayerInfo].crates],
        tools = ctx.files.sdk,
        outputs = [found.project, found.sources, found.macros],
        mnemonic = "RustEditor",
        progress_message = "Describing Rust for editors",
    )
    return found

def _rust_editor_impl(ctx):
    if ctx.attr.missing:
        return [editor_info(ctx, "rust", missing = ctx.attr.missing)]
    found = _describe(ctx, "generated/" + ctx.label.package)
    sources = [file for target in ctx.attr.crates for file in target[RustCrateInfo].srcs]
    return [
        editor_info(
            ctx,
            "rust",
            copied = made_by_rules(sources) + [found.macros],
            texts = {"rust-project.json": found.project},
            unpacked = {"generated/" + ctx.label.package: found.sources},
        ),
        # For tests: compiled once, for what runs in the build.
        OutputGroupInfo(layer = depset([ctx.attr.layer[RustLayerInfo].crates])),
    ]

_rust_editor = rule(
    implementation = _rust_editor_impl,
    doc = "Tells editors what Rust is made of; the macro of this name says more.",
    attrs = {
        "crates": attr.label_list(
            doc = "Our own crates.",
            providers = [RustCrateInfo],
        ),
        "layer": attr.label(
            doc = "The dependency layer.",
            cfg = "exec",
            providers = [RustLayerInfo],
        ),
        "metadata": attr.label(
            doc = "What cargo knows of the third-party crates.",
            allow_single_file = True,
        ),
        "missing": attr.string(
            doc = "Why Rust cannot be compiled here.",
        ),
        "sdk": attr.label(
            doc = "The machine's Rust: rustc comes first.",
            cfg = "exec",
        ),
        "vendor": attr.label(
            doc = "Tar of the third-party crates.",
            allow_single_file = True,
        ),
        "_describe": attr.label(
            default = "//tools/rust:describe",
            executable = True,
            cfg = "exec",
        ),
    },
    provides = [EditorInfo],
)

def rust_editor(name, crates, missing = "", **kwargs):
    """Tells editors what Rust is made of: a `rust-project.json`, generated crates and the third-party ones' sources.

    A macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      crates: list of labels: our own crates, no two of one source.
      missing: string: `RUST_MISSING`.
      **kwargs: attributes that all rules have.
    """
    needed = {} if missing else {
        "crates": crates,
        "layer": "@rust_deps//:layer",
        "metadata": "@rust_deps//:metadata.json",
        "sdk": "@rust//:sdk",
        "vendor": "@rust_deps//:vendor.tar",
    }
    _rust_editor(name = name, missing = missing, **(kwargs | needed))
