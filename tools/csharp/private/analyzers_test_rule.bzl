"""csharp_analyzers_test: the analyzers that the SDK brings, with their warnings as errors."""

load(":actions.bzl", "compiler_args", "run_compiler")
load(":csharp_info.bzl", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE", "DOTNET_SDK")

def _analyze(ctx, sources, label, findings):
    assembly = ctx.actions.declare_file("%s.analyzed/%s.dll" % (ctx.label.name, label.name))
    args = compiler_args(ctx, sources)
    args.add(assembly, format = "-out:%s")
    args.add(findings, format = "-errorlog:%s,version=2.1")
    analyzers = [file for file in ctx.files._analyzers if file.extension == "dll"]
    configs = [file for file in ctx.files._analyzers + ctx.files.config if file.extension != "dll"]
    args.add_all(analyzers, format_each = "-analyzer:%s")
    args.add_all(configs, format_each = "-analyzerconfig:%s")
    run_compiler(ctx, sources, args, [assembly, findings], "CSharpAnalyzers", analyzers + configs)

def _csharp_analyzers_test_impl(ctx):
    logs = []
    for target in ctx.attr.targets:
        findings = ctx.actions.declare_file("%s.findings/%s.sarif" % (ctx.label.name, target.label.name))
        _analyze(ctx, target[CSharpSourcesInfo], target.label, findings)
        logs.append(findings)
    show = ctx.attr._show[DefaultInfo]
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = program, target_file = ctx.executable._show, is_executable = True)
    return [
        DefaultInfo(
            executable = program,
            runfiles = ctx.runfiles(files = logs).merge(show.default_runfiles),
        ),
        RunEnvironmentInfo(environment = {"FINDINGS": ":".join([log.short_path for log in logs])}),
    ]

csharp_analyzers_test = rule(
    implementation = _csharp_analyzers_test_impl,
    doc = "Fails where the analyzers of the SDK, as it recommends them, warn of anything.",
    attrs = {
        "config": attr.label(
            doc = "A global analyzer config over the SDK's.",
            allow_single_file = True,
        ),
        "targets": attr.label_list(
            doc = "Targets of the C# rules.",
            mandatory = True,
            allow_empty = False,
            providers = [CSharpSourcesInfo],
        ),
        "_analyzers": attr.label(default = "@dotnet//:analyzers"),
        "_sdk": DOTNET_SDK,
        "_show": attr.label(
            default = "//tools/csharp:show_findings",
            executable = True,
            cfg = "target",
        ),
    },
    test = True,
    toolchains = [CSHARP_TOOLCHAIN_TYPE],
)
