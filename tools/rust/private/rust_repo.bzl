"""Repository rule that finds the machine's Rust."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "c_toolchain_fingerprint",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "CC_COMMAND", "COMPONENTS", "LINKER", "RUST", "RUST_COMMANDS")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

# rustc first, then cargo, then the linker. It has the shape of a sysroot: actions elsewhere have these files and no
# Rust. Only what links is used where it stands.
filegroup(
    name = "sdk",
    srcs = [
        "bin/rustc",
        "bin/cargo",
        "cc",
        "version",
    ] + glob([
        "lib/*.so*",
        "lib/rustlib/{host}/**",
    ]),
)

exports_files(["bin/cargo"] + glob(["*.bzl"]))
"""

_PROGRAM = """
filegroup(
    name = "{program}",
    srcs = ["bin/{program}"],
)
"""

# Not a link: gcc looks for its parts beside its own file.
_CC = """\
#!/bin/sh
exec '{cc}' "$@"
"""

_NO_PROGRAM = """
filegroup(
    name = "{program}",
    target_compatible_with = ["@platforms//:incompatible"],
)
"""

# A shim that lacks its toolchain must say so, not fetch one.
_ENVIRONMENT = {"RUSTUP_AUTO_INSTALL": "0"}

def _run(repository_ctx, command):
    result = repository_ctx.execute(command, environment = _ENVIRONMENT, timeout = 60)
    return struct(
        error = (result.stderr.strip() or "it says nothing").split("\n")[0] if result.return_code else "",
        out = result.stdout.strip(),
    )

def _probe(repository_ctx, command):
    """Returns struct(sysroot, version, release) or a string that says why the command will not do."""
    version = _run(repository_ctx, [command, "-vV"])
    sysroot = _run(repository_ctx, [command, "--print", "sysroot"])
    if version.error or sysroot.error:
        return "%s does not run: %s" % (command, version.error or sysroot.error)
    fields = dict([line.split(": ", 1) for line in version.out.split("\n") if ": " in line])
    release = fields.get("release", "")
    parts = release.split("-")[0].split(".")
    if len(parts) < 2 or not (parts[0] + parts[1]).isdigit():
        return "%s tells no release" % command
    if (int(parts[0]), int(parts[1])) < RUST.at_least:
        return "%s is Rust %s" % (command, release)
    for program in ["rustc", "cargo"]:
        if not repository_ctx.path(sysroot.out + "/bin/" + program).exists:
            return "%s has no %s in %s/bin" % (command, program, sysroot.out)
    return struct(host = fields["host"], release = release, sysroot = sysroot.out, version = version.out)

def _find(repository_ctx):
    """Returns struct(cc, rust) or the reason why there is no Rust."""
    if toolchain_is_hidden(repository_ctx, "rust"):
        return hidden(RUST)
    cc = repository_ctx.which(CC_COMMAND)
    if not cc:
        return lacking(LINKER, "no %s on PATH" % CC_COMMAND)
    linker = _run(repository_ctx, [cc, "--version"])
    if linker.error:
        return lacking(LINKER, "%s does not run: %s" % (cc, linker.error))
    refused = []
    for name in RUST_COMMANDS:
        command = repository_ctx.which(name) if "/" not in name else repository_ctx.path(name)
        if not command or not command.exists or toolchain_is_hidden(repository_ctx, name):
            continue
        found = _probe(repository_ctx, command)
        if type(found) != "string":
            return struct(cc = cc, rust = found)
        refused.append(found)
    return lacking(RUST, "; ".join(refused) or "no rustc on PATH")

def _write_components(repository_ctx, missing):
    lines = ["%s_MISSING = %s\n" % (name.upper(), json.encode(reason)) for name, reason in missing.items()]
    repository_ctx.file("components.bzl", "".join(lines))

def _rust_repo_impl(repository_ctx):
    found = _find(repository_ctx)
    if type(found) == "string":
        repository_ctx.file("bin/cargo", "")
        repository_ctx.file("release.bzl", 'RUST_RELEASE = ""\n')
        _write_components(repository_ctx, {each.name: found for each in COMPONENTS.values()})
        write_missing_toolchain(repository_ctx, found, ["sdk"] + COMPONENTS.keys())
        return
    bin = found.rust.sysroot + "/bin/"
    for program in ["rustc", "cargo"]:
        repository_ctx.symlink(bin + program, "bin/" + program)
    repository_ctx.symlink(found.rust.sysroot + "/lib", "lib")
    repository_ctx.file("cc", _CC.format(cc = found.cc))

    # Third-party crates have C in them, and every program is linked with the C library.
    fingerprint = c_toolchain_fingerprint(repository_ctx, found.cc)
    repository_ctx.file("version", "%s\n%s" % (found.rust.version, fingerprint))
    repository_ctx.file("release.bzl", "RUST_RELEASE = %r\n" % found.rust.release)
    build = _BUILD.format(host = found.rust.host)
    missing = {}
    for program, component in COMPONENTS.items():
        if repository_ctx.path(bin + program).exists:
            repository_ctx.symlink(bin + program, "bin/" + program)
            missing[component.name] = ""
            build += _PROGRAM.format(program = program)
        else:
            missing[component.name] = lacking(component, "no %s in %s" % (program, bin))
            build += _NO_PROGRAM.format(program = program)
    _write_components(repository_ctx, missing)
    repository_ctx.file("BUILD.bazel", build)
    write_found_toolchain(repository_ctx)

rust_repo = repository_rule(
    implementation = _rust_repo_impl,
    doc = """The machine's Rust: `//:sdk`, `//:clippy-driver` and `//:rustfmt`.

Where there is none, or only one that is too old, or no linker, all are incompatible, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise. So do `CLIPPY_MISSING` and `RUSTFMT_MISSING` of
`//:components.bzl` of the two that may be missing alone. `RUST_RELEASE` of `//:release.bzl` is the version.
""",
    environ = [
        "PATH",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
