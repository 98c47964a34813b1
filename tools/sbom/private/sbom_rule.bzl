"""sbom: the bill of materials of a program."""

load("//tools/implementation:defs.bzl", "ComponentsInfo", "components_info")

def _components_aspect_impl(target, ctx):
    if ComponentsInfo in target:
        return []
    found = []
    for name in ("deps", "applicable_licenses"):
        attribute = getattr(ctx.rule.attr, name, None)
        found += attribute if type(attribute) == "list" else []
    return [components_info([], found)]

_components_aspect = aspect(
    implementation = _components_aspect_impl,
    doc = "Gathers `ComponentsInfo` where the rules are Bazel's own and have none: of `deps` and `applicable_licenses`.",
    attr_aspects = ["deps"],
)

def _sbom_impl(ctx):
    components = ctx.attr.program[ComponentsInfo].files
    out = ctx.actions.declare_file(ctx.label.name + ".cdx.json")
    args = ctx.actions.args()
    args.add("--program", "%s/%s" % (ctx.attr.program.label.package, ctx.attr.program.label.name))
    args.add("--version", ctx.attr.version)
    args.add("--out", out)
    args.add_all(components)
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [args],
        inputs = components,
        outputs = [out],
        mnemonic = "Sbom",
        progress_message = "Writing the bill of materials %{label}",
    )
    return [DefaultInfo(
        files = depset([out]),
        runfiles = ctx.runfiles(files = [out]),
    )]

sbom = rule(
    implementation = _sbom_impl,
    doc = """The bill of materials of a program, as CycloneDX 1.6 in JSON: `NAME.cdx.json`.

It has the third-party components that the program's own rules say are in it, and the same bytes for the same
components.
""",
    attrs = {
        "program": attr.label(
            doc = "The program.",
            mandatory = True,
            aspects = [_components_aspect],
        ),
        "version": attr.string(
            doc = "The program's version.",
            mandatory = True,
        ),
        "_tool": attr.label(
            default = "//tools/sbom:assemble",
            executable = True,
            cfg = "exec",
        ),
    },
)
