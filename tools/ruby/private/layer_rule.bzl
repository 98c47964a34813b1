"""ruby_layer: a part of the dependency layer, Debian's files in one folder."""

load("//tools/implementation:defs.bzl", "ComponentsInfo", "components_info")
load(":ruby_info.bzl", "RubyInfo", "ruby_info", "runfiles_path")

def _destination(ctx, file):
    """Returns where in the layer a file belongs."""
    path = file.short_path.partition("/root/")[2]
    for prefix, folder in ctx.attr.folders.items():
        if path.startswith(prefix):
            return folder + path.removeprefix(prefix)
    fail("%s of %s: given, expected under one of: %s" % (path, ctx.label, ", ".join(ctx.attr.folders.keys())))

def _ruby_layer_impl(ctx):
    layer = ctx.actions.declare_directory(ctx.label.name)
    args = ctx.actions.args()
    args.use_param_file("%s", use_always = True)
    args.set_param_file_format("multiline")
    args.add(layer.path)
    for file in ctx.files.srcs:
        args.add(_destination(ctx, file))
        args.add(file)
    interpreter = ctx.file._interpreter
    ctx.actions.run(
        executable = interpreter,
        arguments = ["--disable-gems", ctx.file._builder.path, args],
        env = {"LD_LIBRARY_PATH": ":".join({file.dirname: None for file in ctx.files._libraries}.keys())},
        inputs = ctx.files.srcs + ctx.files._libraries + [ctx.file._builder],
        outputs = [layer],
        mnemonic = "RubyLayer",
        progress_message = "Laying out ruby's dependencies %{label}",
    )
    load_path = runfiles_path(ctx, layer.short_path) + "/lib/ruby/site"
    return [
        DefaultInfo(files = depset([layer]), runfiles = ctx.runfiles(files = [layer])),
        ruby_info([layer], [load_path], []),
        components_info([], ctx.attr.components),
    ]

ruby_layer = rule(
    implementation = _ruby_layer_impl,
    doc = """Files of Debian's packages as a folder whose `lib/ruby/site` is a load path.

`folders` maps the beginnings of paths within the packages to beginnings of paths within the layer; the first
that fits a file says where it goes.
""",
    attrs = {
        "components": attr.label_list(
            doc = "What tells of the packages that the files are of.",
            providers = [ComponentsInfo],
        ),
        "folders": attr.string_dict(
            doc = "Beginnings of paths: within the packages, and within the layer.",
            mandatory = True,
        ),
        "srcs": attr.label_list(
            doc = "Files under `root` of repositories of Debian's packages.",
            allow_files = True,
            mandatory = True,
        ),
        "_builder": attr.label(
            default = ":layer.rb",
            allow_single_file = True,
        ),
        "_interpreter": attr.label(
            default = "@ruby_deps//:interpreter",
            allow_single_file = True,
        ),
        "_libraries": attr.label(default = "@ruby_deps//:libraries"),
    },
    provides = [ComponentsInfo, RubyInfo],
)
