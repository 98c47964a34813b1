"""go_grpc_library: Go's generated library for a proto_library."""

load("@go_deps//:module.bzl", "GO_MODULE")
load("//tools/proto:defs.bzl", "PROTO_TOOLCHAIN_TYPE", "ProtoPluginInfo", "generate_sources")
load(":actions.bzl", "compile_packages")
load(":go_info.bzl", "GoInfo")
load(":go_toolchain.bzl", "GO_SDK", "GO_TOOLCHAIN_TYPE")

def _go_grpc_library_impl(ctx):
    files = generate_sources(ctx, ctx.attr.proto[ProtoInfo], ctx.attr._plugins, ctx.label.name)
    folders = {}
    for file in files:
        folders.setdefault(file.dirname.rpartition("/")[2], []).append(file)
    packages = [
        struct(
            archive = ctx.actions.declare_file("%s/%s.a" % (ctx.label.name, folder)),
            importpath = "%s/%s" % (GO_MODULE, folder),
            srcs = tuple(srcs),
        )
        for folder, srcs in folders.items()
    ]
    compile_packages(ctx, packages, [])
    return [
        DefaultInfo(files = depset([package.archive for package in packages])),
        GoInfo(direct = tuple(packages), packages = depset(packages)),
        OutputGroupInfo(generated_sources = depset(files)),
    ]

go_grpc_library = rule(
    implementation = _go_grpc_library_impl,
    doc = """Messages, clients and servers of the direct sources of a proto_library, a package for each.

`NAME.proto` becomes the package `NAMEpb` of the module, as its option `go_package` must say. Look at
the sources with `--output_groups=generated_sources`.
""",
    attrs = {
        "proto": attr.label(
            doc = "The proto_library.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_plugins": attr.label_list(
            default = [
                "//tools/go:protoc_gen_go",
                "//tools/go:protoc_gen_go_grpc",
            ],
            providers = [ProtoPluginInfo],
        ),
        "_sdk": GO_SDK,
    },
    provides = [GoInfo],
    toolchains = [GO_TOOLCHAIN_TYPE, PROTO_TOOLCHAIN_TYPE],
)
