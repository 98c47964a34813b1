"""Repository rule that looks whether the machine can run Debian's Ruby."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "GLIBC")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

exports_files(glob(["*.bzl"]))
"""

def _refusal(repository_ctx):
    """Returns why the machine will not do; empty where it will."""
    if repository_ctx.os.arch != "amd64":
        return "the machine is %s, the packages are for amd64" % repository_ctx.os.arch
    command = repository_ctx.which("getconf")
    version = repository_ctx.execute([command, "GNU_LIBC_VERSION"], timeout = 30).stdout.strip() if command else ""
    numbers = version.rpartition(" ")[2].split(".")
    if len(numbers) < 2 or not numbers[0].isdigit() or not numbers[1].isdigit():
        return "the machine has no GNU C library"
    if (int(numbers[0]), int(numbers[1])) < GLIBC.at_least:
        return "the machine has %s" % version
    return ""

def _ruby_machine_repo_impl(repository_ctx):
    if toolchain_is_hidden(repository_ctx, "ruby"):
        write_missing_toolchain(repository_ctx, hidden(GLIBC), [])
        return
    refusal = _refusal(repository_ctx)
    if refusal:
        write_missing_toolchain(repository_ctx, lacking(GLIBC, refusal), [])
        return
    repository_ctx.file("BUILD.bazel", _BUILD)
    write_found_toolchain(repository_ctx)

ruby_machine_repo = repository_rule(
    implementation = _ruby_machine_repo_impl,
    doc = """Whether the machine can run Debian's Ruby, which brings everything but the C library.

`MISSING` of `//:missing.bzl` is empty, or says why not.
""",
    environ = [
        "PATH",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
