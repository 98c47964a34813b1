"""The Go toolchain: the machine's Go, the dependency layer and the builder that the rules' actions run."""

load(":go_info.bzl", "GO_STD", "GoLayerInfo")

GO_TOOLCHAIN_TYPE = str(Label("//tools/go:toolchain_type"))

# For each rule to have: where there is no Go, its targets are incompatible, and the label says why. The toolchain
# cannot do that, since a toolchain that does not fit is an error.
GO_SDK = attr.label(
    default = "@go//:sdk",
    doc = "The machine's Go.",
)

def _go_toolchain_impl(ctx):
    layer = ctx.attr.layer[GoLayerInfo]
    files = depset([ctx.executable.builder, layer.archives] + ctx.files.sdk)
    return [
        DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files)),
        platform_common.ToolchainInfo(
            builder = ctx.attr.builder[DefaultInfo].files_to_run,
            components = ctx.attr.components[DefaultInfo].files_to_run,
            layer = layer,
            sdk = ctx.files.sdk,
            std = ctx.files._std,
        ),
    ]

go_toolchain = rule(
    implementation = _go_toolchain_impl,
    doc = "What the Go rules compile with.",
    attrs = {
        "builder": attr.label(
            doc = "The program of the rules' actions.",
            executable = True,
            cfg = "exec",
            mandatory = True,
        ),
        "components": attr.label(
            doc = "The program that tells which modules a program is linked from.",
            executable = True,
            cfg = "exec",
            mandatory = True,
        ),
        "layer": attr.label(
            doc = "The dependency layer.",
            cfg = "exec",
            mandatory = True,
            providers = [GoLayerInfo],
        ),
        "sdk": attr.label(
            doc = "The machine's Go; its first file is the go command.",
            cfg = "exec",
            mandatory = True,
        ),
        "_std": GO_STD,
    },
)
