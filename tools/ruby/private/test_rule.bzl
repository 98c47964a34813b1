"""ruby_test: tests with minitest."""

load(":program.bzl", "PROGRAM_ATTRS", "program_default_info")
load(":ruby_info.bzl", "RubyInfo")

def _ruby_test_impl(ctx):
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        program_default_info(
            ctx,
            ctx.file._main,
            ctx.files.srcs,
            arguments = ctx.files.srcs,
            deps = [ctx.attr._minitest],
            flags = ["-w"],
        ),
        RunEnvironmentInfo(environment = environment),
    ]

ruby_test = rule(
    implementation = _ruby_test_impl,
    doc = """Runs the tests of minitest in the sources. No test is a failure, and so is a warning of Ruby's.

`--test_filter` is a part of the names of the tests to run, or a regular expression between slashes;
`--test_arg` goes to minitest as it is.
""",
    attrs = PROGRAM_ATTRS | {
        "env": attr.string_dict(
            doc = "Environment of the tests; `$(rootpath LABEL)` is expanded for labels of `data`.",
        ),
        "srcs": attr.label_list(
            doc = "Ruby sources with tests.",
            allow_files = [".rb"],
            mandatory = True,
            allow_empty = False,
        ),
        "_main": attr.label(
            default = ":test_main.rb",
            allow_single_file = True,
        ),
        "_minitest": attr.label(
            default = "//tools/ruby:minitest",
            providers = [RubyInfo],
        ),
    },
    test = True,
)
