"""What Python programs and tests share: attributes, and the launcher."""

load("//tools/implementation:defs.bzl", "components_info")
load(":python_toolchain.bzl", "PYTHON_TOOLCHAIN_TYPE")

PROGRAM_ATTRS = {
    "data": attr.label_list(
        doc = "Files and programs to have in the runfiles.",
        allow_files = True,
    ),
    "deps": attr.label_list(
        doc = "Libraries that the sources import.",
        providers = [PyInfo],
    ),
    "env": attr.string_dict(
        doc = "Environment for `bazel run` and `bazel test`; `$(rlocationpath LABEL)` is expanded " +
              "for labels of `data`.",
    ),
    "srcs": attr.label_list(
        doc = "Python sources.",
        allow_files = [".py"],
        mandatory = True,
        allow_empty = False,
    ),
    "_launcher": attr.label(
        default = ":launcher.py.tpl",
        allow_single_file = True,
    ),
}

def runfiles_path(ctx, file):
    """Returns the path of a file in the runfiles tree.

    Args:
      ctx: context of the rule.
      file: the file.
    """
    if file.short_path.startswith("../"):
        return file.short_path.removeprefix("../")
    return ctx.workspace_name + "/" + file.short_path

def collect_runfiles(ctx, attributes):
    """Merges the sources and data of this target with the runfiles of all it depends on.

    Args:
      ctx: context of a rule with `srcs`, `data` and `deps`.
      attributes: list of targets to take besides those of `data` and `deps`.

    Returns:
      runfiles.
    """
    targets = ctx.attr.srcs + ctx.attr.data + ctx.attr.deps + attributes
    return ctx.runfiles(files = ctx.files.srcs + ctx.files.data).merge_all(
        [target[DefaultInfo].default_runfiles for target in targets],
    )

def program_providers(ctx, main, arguments = [], deps = []):
    """Makes the launcher and returns what a program's rule returns.

    Args:
      ctx: context of a rule with `PROGRAM_ATTRS` and the Python toolchain.
      main: the file that runs as `__main__`.
      arguments: list of strings that come before the command line's; a runfiles path where it
        begins with `runfiles:`.
      deps: list of targets with `PyInfo` besides those of `deps`.

    Returns:
      list of providers.
    """
    toolchain = ctx.toolchains[PYTHON_TOOLCHAIN_TYPE]
    imports = depset(transitive = [dep[PyInfo].imports for dep in ctx.attr.deps + deps])
    launcher = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = launcher,
        is_executable = True,
        substitutions = {
            "{arguments}": repr(arguments),
            "{imports}": repr([ctx.workspace_name] + imports.to_list()),
            "{interpreter}": toolchain.interpreter_path,
            "{main}": runfiles_path(ctx, main),
        },
    )
    runfiles = ctx.runfiles(files = [launcher, main, toolchain.identity])
    environment = {
        name: ctx.expand_location(value, ctx.attr.data)
        for name, value in ctx.attr.env.items()
    }
    return [
        DefaultInfo(
            executable = launcher,
            files = depset([launcher]),
            runfiles = runfiles.merge(collect_runfiles(ctx, deps)),
        ),
        RunEnvironmentInfo(environment = environment),
        components_info([], ctx.attr.deps + deps),
    ]
