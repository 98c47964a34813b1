"""What Ruby programs and tests share: attributes, and the launcher."""

load(":ruby_info.bzl", "RubyInfo", "runfiles_of", "runfiles_path")

PROGRAM_ATTRS = {
    "data": attr.label_list(
        doc = "Files and programs to have in the runfiles.",
        allow_files = True,
    ),
    "deps": attr.label_list(
        doc = "Libraries that the sources require.",
        providers = [RubyInfo],
    ),
    "_launcher": attr.label(
        default = ":launcher.sh.tpl",
        allow_single_file = True,
    ),
    "_runtime": attr.label(
        default = "//tools/ruby:runtime",
        allow_single_file = True,
        providers = [RubyInfo],
    ),
}

def program_default_info(ctx, main, sources, arguments = [], deps = [], flags = []):
    """Makes the launcher and returns the program's `DefaultInfo`.

    Args:
      ctx: context of a rule with `PROGRAM_ATTRS`.
      main: the file that runs.
      sources: list of Files to have in the runfiles besides.
      arguments: list of Files whose paths come before the command line's arguments.
      deps: list of targets with `RubyInfo` besides those of `deps`.
      flags: list of strings for the interpreter.

    Returns:
      DefaultInfo.
    """
    libraries = ctx.attr.deps + deps + [ctx.attr._runtime]
    load_paths = depset(transitive = [library[RubyInfo].load_paths for library in libraries])
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = program,
        is_executable = True,
        substitutions = {
            "{arguments}": " ".join(['"$root/%s"' % runfiles_path(ctx, file.short_path) for file in arguments]),
            "{flags}": " ".join(flags),
            "{layer}": runfiles_path(ctx, ctx.file._runtime.short_path),
            "{load_paths}": ":".join(["$root/" + path for path in load_paths.to_list()]),
            "{main}": runfiles_path(ctx, main.short_path),
        },
    )
    return DefaultInfo(
        executable = program,
        files = depset([program]),
        runfiles = runfiles_of(ctx, [program, main] + sources + ctx.files.data, libraries + ctx.attr.data),
    )
