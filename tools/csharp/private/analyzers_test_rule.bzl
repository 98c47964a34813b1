"""csharp_analyzers_test: the analyzers that the SDK brings, with their warnings as errors."""

load("//tools/implementation:lint.bzl", "findings_test")
load(":actions.bzl", "analyze_assembly")
load(":csharp_info.bzl", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE", "DOTNET_SDK")

def _csharp_analyzers_test_impl(ctx):
    logs = []
    for target in ctx.attr.targets:
        findings = ctx.actions.declare_file("%s.findings/%s" % (ctx.label.name, target.label.name))
        analyze_assembly(ctx, target[CSharpSourcesInfo], findings)
        logs.append(findings)
    return findings_test(ctx, logs)

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
        "_analyze": attr.label(
            default = "//tools/csharp:analyze",
            executable = True,
            cfg = "exec",
        ),
        "_analyzers": attr.label(default = "@dotnet//:analyzers"),
        "_sdk": DOTNET_SDK,
    },
    test = True,
    toolchains = [CSHARP_TOOLCHAIN_TYPE],
)
