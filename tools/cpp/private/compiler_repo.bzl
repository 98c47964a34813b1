"""Repository rule that looks whether the compiler which Bazel finds can compile our C++."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "c_toolchain_fingerprint",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "CC_COMMAND", "GCC")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

# Bazel's own rules find the compiler, and know it by its path. What depends on this is compiled and linked anew with
# another one, with other headers and with another C library. Compiling reads the header (`-include`): of headers that
# nothing reads Bazel forgets the changes.
cc_library(
    name = "compiler",
    additional_linker_inputs = ["include/stock_machine.h"],
    includes = ["include"],
    textual_hdrs = ["include/stock_machine.h"],
)

exports_files(glob(["*.bzl"]))
"""

def _refusal(repository_ctx, command):
    """Returns why a command will not do, or struct(fingerprint)."""
    version = repository_ctx.execute([command, "--version"], timeout = 60)
    if version.return_code:
        return "%s does not run: %s" % (command, version.stderr.strip().split("\n")[0])
    release = repository_ctx.execute([command, "-dumpversion"], timeout = 60).stdout.strip()
    major = release.split(".")[0]
    if not major.isdigit() or (int(major),) < GCC.at_least:
        return "%s is version %s" % (command, release)
    repository_ctx.file("probe.cc", "#include <span>\n")
    probe = repository_ctx.execute([command, "-std=c++20", "-fsyntax-only", "probe.cc"], timeout = 60)
    if probe.return_code:
        return "%s compiles no C++: %s" % (command, probe.stderr.strip().split("\n")[0])
    return struct(fingerprint = c_toolchain_fingerprint(repository_ctx, command))

def _find(repository_ctx):
    """Returns struct(fingerprint) or the reason why there is no C++."""
    if toolchain_is_hidden(repository_ctx, "cpp"):
        return hidden(GCC)
    name = repository_ctx.os.environ.get("CC") or CC_COMMAND
    command = repository_ctx.which(name) if "/" not in name else repository_ctx.path(name)
    if not command or not command.exists:
        return lacking(GCC, "no %s on PATH" % name)
    found = _refusal(repository_ctx, command)
    return found if type(found) == "struct" else lacking(GCC, found)

def _cpp_compiler_repo_impl(repository_ctx):
    found = _find(repository_ctx)
    if type(found) == "string":
        write_missing_toolchain(repository_ctx, found, ["compiler"])
        return
    lines = ["// %s\n" % line for line in found.fingerprint.strip().split("\n")]
    repository_ctx.file("include/stock_machine.h", "".join(lines))
    repository_ctx.file("BUILD.bazel", _BUILD)
    write_found_toolchain(repository_ctx)

cpp_compiler_repo = repository_rule(
    implementation = _cpp_compiler_repo_impl,
    doc = """Whether the machine's C++ compiler will do: `MISSING` of `//:missing.bzl` is empty, or says why not.

The compiler is the one that Bazel's own rules use. `//:compiler` is a library that holds nothing but what it stands for, in a
header without code, `stock_machine.h`; incompatible where it is missing.
""",
    environ = [
        "CC",
        "PATH",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
