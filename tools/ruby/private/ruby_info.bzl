"""Providers and paths of the Ruby rules."""

RubyInfo = provider(
    doc = "Ruby code that others may require.",
    fields = {
        "files": "depset of Files: the sources, those below them too; a directory may be one of them.",
        "load_paths": "depset of strings: folders that are searched, as runfiles paths.",
    },
)

def runfiles_path(ctx, path):
    """Returns the runfiles path of a short path.

    Args:
      ctx: context of the rule.
      path: string: `short_path` of a file, or of a folder beside it.
    """
    return path.removeprefix("../") if path.startswith("../") else ctx.workspace_name + "/" + path

def ruby_info(files, load_paths, deps):
    """Returns the `RubyInfo` of some files and all that is below them.

    Args:
      files: list of Files.
      load_paths: list of strings: runfiles paths.
      deps: list of targets with `RubyInfo`.
    """
    below = [dep[RubyInfo] for dep in deps]
    return RubyInfo(
        files = depset(files, transitive = [info.files for info in below]),
        load_paths = depset(load_paths, transitive = [info.load_paths for info in below]),
    )

def runfiles_of(ctx, files, targets):
    """Returns the runfiles of some files and of all that some targets have.

    Args:
      ctx: context of the rule.
      files: list of Files.
      targets: list of targets.
    """
    return ctx.runfiles(
        files = files,
        transitive_files = depset(transitive = [target[RubyInfo].files for target in targets if RubyInfo in target]),
    ).merge_all([target[DefaultInfo].default_runfiles for target in targets])
