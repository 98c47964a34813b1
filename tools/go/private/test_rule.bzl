"""go_test: the tests of one Go package."""

load(":actions.bzl", "link_test")
load(":go_info.bzl", "GoInfo", "GoSourcesInfo", "GoTestInfo")
load(":go_toolchain.bzl", "GO_SDK", "GO_TOOLCHAIN_TYPE")

def _library(ctx):
    if ctx.attr.library:
        return ctx.attr.library[GoSourcesInfo]
    return GoSourcesInfo(
        archive = None,
        deps = [],
        importpath = "%s/%s" % (ctx.label.package, ctx.label.name),
        srcs = [],
    )

def _go_test_impl(ctx):
    library = _library(ctx)
    deps = library.deps + [dep[GoInfo] for dep in ctx.attr.deps + [ctx.attr._support]]
    program = ctx.actions.declare_file(ctx.label.name)
    archive = ctx.actions.declare_file(ctx.label.name + ".a")
    source = ctx.files.srcs[0].short_path
    link_test(
        ctx,
        library,
        ctx.files.srcs,
        deps,
        definitions = ctx.attr.x_defs,
        directory = source.rpartition("/")[0],
        outputs = struct(archive = archive, program = program),
    )
    runfiles = ctx.runfiles(files = [program] + ctx.files.data)
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        DefaultInfo(
            executable = program,
            files = depset([program]),
            runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.data]),
        ),
        GoTestInfo(
            archive = archive,
            deps = deps,
            importpath = library.importpath,
            library_srcs = library.srcs,
            test_srcs = ctx.files.srcs,
        ),
        RunEnvironmentInfo(environment = environment),
    ]

go_test = rule(
    implementation = _go_test_impl,
    doc = """Tests, fuzz tests with their seeds, and examples with output of one Go package.

The sources may be of the package under test and of package `NAME_test`. The working directory is the
sources' folder, so that `testdata` is found if it is in `data`. `--test_filter` is the flag `-run` of
go test, `--test_arg=-test.bench=.` runs benchmarks, and `--test_arg=-test.v` tells more.
""",
    attrs = {
        "data": attr.label_list(
            doc = "Files and programs that the tests use: `testdata`, found from the sources' folder.",
            allow_files = True,
        ),
        "deps": attr.label_list(
            doc = "The module's packages that the tests import, besides `library` and what it imports.",
            providers = [GoInfo],
        ),
        "env": attr.string_dict(
            doc = "Environment of the tests; `$(rlocationpath LABEL)` is expanded for labels of `data`.",
        ),
        "library": attr.label(
            doc = "The package under test: a `go_library` or `go_binary`.",
            providers = [GoSourcesInfo],
        ),
        "srcs": attr.label_list(
            doc = "Go sources with the tests.",
            allow_files = [".go"],
            allow_empty = False,
            mandatory = True,
        ),
        "x_defs": attr.string_dict(
            doc = "Values of string variables, by `IMPORTPATH.NAME`.",
        ),
        "_sdk": GO_SDK,
        "_support": attr.label(
            default = "//tools/go:bazeltest",
            providers = [GoInfo],
        ),
    },
    test = True,
    provides = [GoTestInfo],
    toolchains = [GO_TOOLCHAIN_TYPE],
)
