"""cpp_tidy_test: the linter, with its warnings as errors."""

load("//tools/implementation:lint.bzl", "findings_test")

_CppFindingsInfo = provider(
    doc = "What clang-tidy has to say of a target's own sources.",
    fields = {"findings": "list of Files: one for each source, empty where there is nothing to say."},
)

def _compile_flags(context):
    args = ["-std=c++20"]
    args += ["-D" + define for define in context.defines.to_list() + context.local_defines.to_list()]
    args += ["-iquote" + folder for folder in context.quote_includes.to_list()]
    args += ["-I" + folder for folder in context.includes.to_list()]
    for folder in context.system_includes.to_list():
        args += ["-isystem", folder]
    return args

def _lint(ctx, source, context):
    findings = ctx.actions.declare_file("%s.tidy/%s" % (ctx.rule.attr.name, source.basename))
    args = ctx.actions.args()
    args.add(findings)
    args.add(ctx.file._tidy)
    args.add("--quiet")
    args.add(ctx.file._config, format = "--config-file=%s")
    args.add(source)
    args.add("--")
    args.add_all(_compile_flags(context))
    ctx.actions.run(
        executable = ctx.file._runner,
        arguments = [args],
        inputs = depset([source, ctx.file._config], transitive = [context.headers]),
        tools = [ctx.file._tidy] + ctx.files._tidy_files,
        outputs = [findings],
        mnemonic = "CppTidy",
        progress_message = "Linting " + source.short_path,
    )
    return findings

def _tidy_aspect_impl(target, ctx):
    if CcInfo not in target or not hasattr(ctx.rule.attr, "srcs"):
        return [_CppFindingsInfo(findings = [])]
    sources = [file for file in ctx.rule.files.srcs if file.extension == "cc" and file.is_source]
    context = target[CcInfo].compilation_context
    if ctx.rule.kind != "cc_library":
        # A program gives no context of its own: it compiles with those that it depends on.
        context = cc_common.merge_cc_infos(
            cc_infos = [dep[CcInfo] for dep in ctx.rule.attr.deps],
        ).compilation_context
    return [_CppFindingsInfo(findings = [_lint(ctx, source, context) for source in sources])]

_tidy_aspect = aspect(
    implementation = _tidy_aspect_impl,
    doc = "Lints the sources of the target itself.",
    attrs = {
        "_config": attr.label(
            default = "//tools/cpp/private:clang-tidy.yaml",
            allow_single_file = True,
        ),
        "_runner": attr.label(
            default = "//tools/cpp/private:tidy.sh",
            allow_single_file = True,
        ),
        "_tidy": attr.label(
            default = "@cpp_tools//:clang-tidy",
            allow_single_file = True,
        ),
        "_tidy_files": attr.label(default = "@cpp_tools//:clang-tidy_files"),
    },
)

def _cpp_tidy_test_impl(ctx):
    return findings_test(ctx, [file for target in ctx.attr.targets for file in target[_CppFindingsInfo].findings])

cpp_tidy_test = rule(
    implementation = _cpp_tidy_test_impl,
    doc = "Fails where clang-tidy warns of anything in the sources of some targets, or in our headers that they include.",
    attrs = {
        "targets": attr.label_list(
            doc = "Targets of the C++ rules.",
            mandatory = True,
            allow_empty = False,
            aspects = [_tidy_aspect],
        ),
    },
    test = True,
)
