"""go_modules: compiles third-party packages, and programs out of them."""

load(":go_info.bzl", "GO_STD", "GoLayerInfo")

def _go_modules_impl(ctx):
    if len(ctx.attr.programs) != len(ctx.outputs.outs):
        fail("outs of %s: given %d, expected one for each of programs: %d" % (
            ctx.label,
            len(ctx.outputs.outs),
            len(ctx.attr.programs),
        ))
    archives = ctx.actions.declare_directory(ctx.label.name + "_archives")
    index = ctx.actions.declare_file(ctx.label.name + "_index.json")
    args = ctx.actions.args()
    args.add("-go", ctx.files.sdk[0])
    args.add("-root", ctx.file.mod.dirname)
    args.add_all("-archives", [archives], expand_directories = False)
    args.add("-index", index)
    for out, program in zip(ctx.outputs.outs, ctx.attr.programs):
        args.add("-program", out, format = program + "=%s")
    args.add_all(ctx.attr.packages)
    ctx.actions.run(
        executable = ctx.executable.builder,
        arguments = [args],
        inputs = ctx.files.srcs + [ctx.file.mod],
        tools = ctx.files.sdk + ctx.files._std,
        outputs = [archives, index] + ctx.outputs.outs,
        mnemonic = "GoModules",
        progress_message = "Compiling third-party Go for %{label}",
    )
    return [
        DefaultInfo(files = depset([archives] + ctx.outputs.outs)),
        GoLayerInfo(
            archives = archives,
            components = ctx.file.components,
            index = index,
            lang = ctx.attr.lang,
            module = ctx.attr.module,
            root = ctx.file.mod.dirname,
            srcs = ctx.files.srcs,
        ),
    ]

go_modules = rule(
    implementation = _go_modules_impl,
    doc = "Archives of packages and of all that they import, and programs, out of one vendored module.",
    attrs = {
        "builder": attr.label(
            doc = "The program of the Go rules' actions.",
            executable = True,
            cfg = "exec",
            mandatory = True,
        ),
        "components": attr.label(
            doc = "The file that tells of the modules.",
            allow_single_file = True,
            mandatory = True,
        ),
        "lang": attr.string(
            doc = "Version of the language of the module: `go1.26`.",
            mandatory = True,
        ),
        "mod": attr.label(
            doc = "go.mod of the module.",
            allow_single_file = True,
            mandatory = True,
        ),
        "module": attr.string(
            doc = "The module's import path.",
            mandatory = True,
        ),
        "outs": attr.output_list(doc = "Programs to make."),
        "packages": attr.string_list(doc = "Packages to compile, as the go command names them."),
        "programs": attr.string_list(doc = "Import paths of `outs`, one for each."),
        "sdk": attr.label(
            doc = "The machine's Go; its first file is the go command.",
            cfg = "exec",
            mandatory = True,
        ),
        "srcs": attr.label_list(
            doc = "Sources of the module and its folder `vendor`.",
            allow_files = True,
        ),
        "_std": GO_STD,
    },
    provides = [GoLayerInfo],
)
