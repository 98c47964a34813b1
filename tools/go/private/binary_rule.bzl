"""go_binary: a Go program."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":actions.bzl", "link_program")
load(":components.bzl", "tell_components")
load(":go_info.bzl", "GoInfo", "GoSourcesInfo")
load(":go_toolchain.bzl", "GO_SDK", "GO_TOOLCHAIN_TYPE")

def _go_binary_impl(ctx):
    deps = [dep[GoInfo] for dep in ctx.attr.deps]
    program = ctx.actions.declare_file(ctx.label.name)
    definitions = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.x_defs.items()
    }
    link_program(ctx, ctx.files.srcs, deps, definitions, program)
    runfiles = ctx.runfiles(files = [program] + ctx.files.data)
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        GoSourcesInfo(
            archive = None,
            deps = deps,
            # Not `main`, which is the generated main of the test.
            importpath = "%s/%s" % (ctx.label.package, ctx.label.name),
            srcs = ctx.files.srcs,
        ),
        ComponentsInfo(files = depset([tell_components(ctx, ctx.files.srcs, deps)])),
    ]

go_binary = rule(
    implementation = _go_binary_impl,
    doc = """A Go program: one static file, stripped except with `-c dbg`.""",
    attrs = {
        "data": attr.label_list(
            doc = "Files and programs to have in the runfiles.",
            allow_files = True,
        ),
        "deps": attr.label_list(
            doc = "The module's packages that the sources import.",
            providers = [GoInfo],
        ),
        "srcs": attr.label_list(
            doc = "Go sources of package main.",
            allow_files = [".go"],
            mandatory = True,
        ),
        "x_defs": attr.string_dict(
            doc = "Values of string variables, by `IMPORTPATH.NAME`; `$(rlocationpath LABEL)` is expanded " +
                  "for labels of `data`.",
        ),
        "_sdk": GO_SDK,
    },
    executable = True,
    provides = [ComponentsInfo, GoSourcesInfo],
    toolchains = [GO_TOOLCHAIN_TYPE],
)
