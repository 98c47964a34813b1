"""py_wheel: modules of the workspace as a wheel, to be installed anywhere."""

load(":program.bzl", "runfiles_path")

def _own(ctx):
    """The files of the workspace that the libraries need: what is third-party's comes by its own wheels."""
    runfiles = [dep[DefaultInfo].default_runfiles.files for dep in ctx.attr.deps]
    sources = [dep[PyInfo].transitive_sources for dep in ctx.attr.deps]
    return [
        file
        for file in depset(transitive = runfiles + sources).to_list()
        if runfiles_path(ctx, file).startswith(ctx.workspace_name + "/")
    ]

def _py_wheel_impl(ctx):
    wheel = ctx.actions.declare_file("%s-%s-py3-none-any.whl" % (
        ctx.attr.distribution.replace("-", "_"),
        ctx.attr.version,
    ))
    own = _own(ctx)
    args = ctx.actions.args()
    args.add(wheel)
    args.add(ctx.attr.version)
    args.add_all(ctx.files.project, map_each = _at_the_root)
    args.add_all(own, map_each = _where_it_stands)
    args.set_param_file_format("multiline")
    args.use_param_file("@%s", use_always = True)
    ctx.actions.run(
        executable = ctx.executable._builder,
        arguments = [args],
        inputs = own + ctx.files.project,
        outputs = [wheel],
        mnemonic = "PyWheel",
        progress_message = "Packing %{output}",
    )
    return [DefaultInfo(files = depset([wheel]), runfiles = ctx.runfiles([wheel]))]

def _at_the_root(file):
    return "%s=%s" % (file.basename, file.path)

def _where_it_stands(file):
    return "%s=%s" % (file.short_path, file.path)

py_wheel = rule(
    implementation = _py_wheel_impl,
    doc = """A wheel of pure Python, the same bytes in every build: `DISTRIBUTION-VERSION-py3-none-any.whl`.

It holds the libraries' modules and data files of this workspace, laid out as in the workspace; what they import of
others must stand in the project's dependencies.
""",
    attrs = {
        "deps": attr.label_list(
            doc = "The libraries.",
            mandatory = True,
            providers = [PyInfo],
        ),
        "distribution": attr.string(
            doc = "The name of the distribution, as `pyproject.toml` has it.",
            mandatory = True,
        ),
        "project": attr.label_list(
            doc = "Files at the project's root: `pyproject.toml`, for hatchling, and what it names. " +
                  "The version is in the environment, as STOCK_VERSION.",
            allow_files = True,
            mandatory = True,
        ),
        "version": attr.string(
            doc = "The version.",
            mandatory = True,
        ),
        "_builder": attr.label(
            default = "//tools/python:wheel_build",
            executable = True,
            cfg = "exec",
        ),
    },
)
