"""rust_library: one Rust library."""

load(":actions.bzl", "compile_crate", "libraries_below")
load(":crates.bzl", "CRATE_ATTRS", "crate_of")
load(":rust_info.bzl", "RustCrateInfo", "RustInfo")
load(":rust_toolchain.bzl", "RUST_TOOLCHAIN_TYPE")

def _rust_library_impl(ctx):
    crate = crate_of(ctx, kind = "lib", main = "lib.rs")
    library = ctx.actions.declare_file("lib%s.rlib" % crate.name)
    compile_crate(ctx, crate, library)
    return [
        DefaultInfo(files = depset([library])),
        RustInfo(
            crate = crate.name,
            library = library,
            libraries = depset([library], transitive = [libraries_below(crate.deps)]),
            srcs = depset(crate.srcs, transitive = [dep.srcs for dep in crate.deps]),
        ),
        crate,
    ]

rust_library = rule(
    implementation = _rust_library_impl,
    doc = """A Rust library: one crate, named for the target.

What its sources use is in `deps`, in the standard library, or among the dependencies of
`rust/Cargo.toml`.
""",
    attrs = CRATE_ATTRS,
    provides = [RustInfo, RustCrateInfo],
    toolchains = [RUST_TOOLCHAIN_TYPE],
)
