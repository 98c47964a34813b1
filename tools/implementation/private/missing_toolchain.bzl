"""What a repository rule does about a toolchain that the machine may lack."""

# Environment variable: names of toolchains, with commas between, that are to be treated as missing. A path hides a
# place where a repository rule would look.
HIDE_TOOLCHAINS = "STOCK_HIDE_TOOLCHAINS"

_BUILD = """\
package(default_visibility = ["//visibility:public"])

exports_files(glob(["*.bzl"]))

constraint_setting(name = "toolchain")

# No platform has it, so that what needs this toolchain is skipped, and the name says why.
constraint_value(
    name = "{constraint}",
    constraint_setting = ":toolchain",
)
"""

_TARGET = """
filegroup(
    name = "{name}",
    target_compatible_with = [":{constraint}"],
)
"""

_MISSING = "MISSING = "

# What Bazel takes in the name of a target, besides letters and digits.
_PUNCTUATION = "!%-@^_#$&'()*+,;<=>?[]{}|~."

def toolchain_is_hidden(repository_ctx, name):
    """Tells whether the user wants a toolchain to be treated as missing.

    The repository rule names `HIDE_TOOLCHAINS` in its `environ`.

    Args:
      repository_ctx: context of the repository rule.
      name: the toolchain's name, as in `STOCK_HIDE_TOOLCHAINS=go,cargo`.

    Returns:
      bool.
    """
    return name in repository_ctx.os.environ.get(HIDE_TOOLCHAINS, "").split(",")

def write_found_toolchain(repository_ctx):
    """Writes `missing.bzl` of a toolchain that was found: `MISSING` is empty.

    Args:
      repository_ctx: context of the repository rule.
    """
    repository_ctx.file("missing.bzl", _MISSING + json.encode(""))

def missing_toolchain(repository_ctx, label):
    """Reads why the toolchain of another repository is missing.

    Args:
      repository_ctx: context of the repository rule.
      label: `missing.bzl` of that repository.

    Returns:
      string: empty where the toolchain was found.
    """
    return json.decode(repository_ctx.read(label).removeprefix(_MISSING))

def constraint_name(reason):
    """Returns a target's name that reads like the reason.

    Args:
      reason: one line.
    """
    characters = [c if c.isalnum() or c in _PUNCTUATION else "_" for c in reason.elems()]
    return "_".join([word for word in "".join(characters).split("_") if word])

def write_missing_toolchain(repository_ctx, reason, targets, warn = True):
    """Makes the repository of a toolchain that is missing, where nothing can be built, and says so.

    All targets are incompatible with every platform, and so is what depends on them: wildcards skip
    it, and naming it is an error that shows the reason. `missing.bzl` has the reason as `MISSING`.

    Args:
      repository_ctx: context of the repository rule.
      reason: one line: what is missing, and what installs it.
      targets: list of strings: the names of the targets that the repository has where the toolchain
        is found.
      warn: False where another repository warns of the same.
    """
    if warn:
        # buildifier: disable=print
        print("WARNING: " + reason)
    constraint = constraint_name(reason)
    repository_ctx.file("missing.bzl", _MISSING + json.encode(reason))
    repository_ctx.file("BUILD.bazel", _BUILD.format(constraint = constraint) + "".join([
        _TARGET.format(constraint = constraint, name = name)
        for name in targets
    ]))
