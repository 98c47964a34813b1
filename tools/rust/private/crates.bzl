"""What the rules for libraries, programs and tests have in common."""

load(":rust_info.bzl", "RustCrateInfo", "RustInfo")

CRATE_ATTRS = {
    "crate_root": attr.label(
        doc = "The source that the compiler is given. Left out: the only one of `srcs`, or the one named " +
              "`lib.rs`, or as the target.",
        allow_single_file = [".rs"],
    ),
    "deps": attr.label_list(
        doc = "Our own libraries that the sources use.",
        providers = [RustInfo],
    ),
    "rustc_env": attr.string_dict(
        doc = "What `env!` reads.",
    ),
    "srcs": attr.label_list(
        doc = "Rust sources.",
        allow_files = [".rs"],
        allow_empty = False,
        mandatory = True,
    ),
    "_sdk": attr.label(default = "@rust//:sdk"),
}

def _root(ctx, main):
    srcs = ctx.files.srcs
    if ctx.file.crate_root:
        if ctx.file.crate_root not in srcs:
            fail("crate_root of %s: given %s, expected one of srcs" % (ctx.label, ctx.file.crate_root.basename))
        return ctx.file.crate_root
    named = [file for file in srcs if file.basename in (main, ctx.label.name + ".rs")]
    candidates = srcs if len(srcs) == 1 else named
    if len(candidates) != 1:
        fail("crate_root of %s: not given, expected one of srcs: %s" % (
            ctx.label,
            ", ".join([file.basename for file in srcs]),
        ))
    return candidates[0]

def crate_of(ctx, kind, main = ""):
    """Returns the crate that a target's attributes describe.

    Args:
      ctx: context of a rule with `CRATE_ATTRS`.
      kind: string: `lib`, `bin` or `test`.
      main: string: a name that the root has by custom.

    Returns:
      `RustCrateInfo`.
    """
    return RustCrateInfo(
        deps = [dep[RustInfo] for dep in ctx.attr.deps],
        env = ctx.attr.rustc_env,
        kind = kind,
        name = ctx.label.name.replace("-", "_"),
        root = _root(ctx, main).path,
        srcs = ctx.files.srcs,
    )
