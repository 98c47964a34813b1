"""Repository rule for the third-party packages of package.json and package-lock.json."""

load("//tools/implementation:repositories.bzl", "missing_toolchain", "write_missing_toolchain")
load(":archives.bzl", "tell_archives")
load(":lock.bzl", "closure", "code_of", "versions")

_BUILD = """\
package(default_visibility = ["//visibility:public"])

exports_files(["packages.bzl"])

filegroup(
    name = "archives",
    srcs = ["archives.jsonl"],
)

# What own code imports: its JavaScript and its types.
filegroup(
    name = "modules",
    srcs = glob({modules}),
)

filegroup(
    name = "typescript",
    srcs = glob(["node_modules/typescript/lib/*.js", "node_modules/typescript/lib/lib*.d.ts"]),
)

filegroup(
    name = "esbuild",
    srcs = ["{esbuild}"],
)
"""

_PLUGIN = """
filegroup(
    name = "{name}",
    srcs = glob({packages}),
)
"""

_PROGRAM = """
exports_files(["{name}"])
"""

_PROTOS = """
proto_library(
    name = "{name}",
    srcs = {srcs},
    strip_import_prefix = "protos",
)
"""

_TARGETS = ["archives", "modules", "typescript", "esbuild"]

def _link_protos(repository_ctx, name):
    srcs = []
    for import_path, file in repository_ctx.attr.protos.items():
        repository_ctx.symlink("node_modules/" + file, "protos/" + import_path)
        srcs.append("protos/" + import_path)
    return _PROTOS.format(name = name, srcs = srcs)

def _platform(repository_ctx):
    system = "darwin" if repository_ctx.os.name.startswith("mac") else "linux"
    machine = {"aarch64": "arm64", "arm64": "arm64"}.get(repository_ctx.os.arch, "x64")
    return "%s-%s" % (system, machine)

def _build_file(repository_ctx, lock):
    packages = lock["packages"]
    dev = packages[""].get("devDependencies", {}).keys()
    modules = closure(packages, packages[""]["dependencies"].keys() + [name for name in dev if name.startswith("@types/")])
    platform = _platform(repository_ctx)
    build = _BUILD.format(
        modules = code_of(modules),
        esbuild = "node_modules/@esbuild/%s/bin/esbuild" % platform,
    )
    for name in repository_ctx.attr.plugins:
        build += _PLUGIN.format(
            name = name,
            packages = code_of(closure(packages, [name])),
        )
    for name, path in repository_ctx.attr.programs.items():
        repository_ctx.symlink("node_modules/" + path.format(platform = platform), name)
        build += _PROGRAM.format(name = name)
    return build + _link_protos(repository_ctx, repository_ctx.attr.proto_library)

def _node_packages_repo_impl(repository_ctx):
    attr = repository_ctx.attr
    missing = missing_toolchain(repository_ctx, attr.missing)
    lock = repository_ctx.read(attr.lock)
    repository_ctx.file("packages.bzl", "PACKAGE_VERSIONS = %r\n" % versions(json.decode(lock)))
    if missing:
        targets = _TARGETS + attr.plugins + attr.programs.keys() + [attr.proto_library]
        write_missing_toolchain(repository_ctx, missing, targets, warn = False)
        return
    repository_ctx.file("package-lock.json", lock)
    repository_ctx.file("package.json", repository_ctx.read(attr.manifest))
    command = [repository_ctx.path(attr.npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    result = repository_ctx.execute(command, timeout = 600)
    if result.return_code:
        fail("npm ci of %s failed:\n%s%s" % (attr.lock, result.stdout, result.stderr))

    # A BUILD file of theirs would hide what is below it from ours.
    result = repository_ctx.execute(["find", "node_modules", "(", "-name", "BUILD", "-o", "-name", "BUILD.bazel", ")", "-delete"])
    if result.return_code:
        fail("the BUILD files among the packages of %s stay: %s" % (attr.lock, result.stderr))
    tell_archives(repository_ctx, json.decode(lock))
    repository_ctx.file("BUILD.bazel", _build_file(repository_ctx, json.decode(lock)))

node_packages_repo = repository_rule(
    implementation = _node_packages_repo_impl,
    doc = """Third-party packages as npm installs them from the lock, without their scripts.

`//:modules` is what own code may import: the `dependencies` with all that they need, and the types.
`//:typescript` and `//:esbuild` are the compiler and the bundler. `//:archives` tells of each package. `PACKAGE_VERSIONS` of `//:packages.bzl` is a
dict of the versions in the lock.
""",
    attrs = {
        "lock": attr.label(
            doc = "package-lock.json.",
            mandatory = True,
        ),
        "manifest": attr.label(
            doc = "package.json.",
            mandatory = True,
        ),
        "missing": attr.label(
            doc = "`missing.bzl` of the repository of Node.js.",
            mandatory = True,
        ),
        "npm": attr.label(
            doc = "The npm command.",
            mandatory = True,
        ),
        "plugins": attr.string_list(
            doc = "Packages of plugins for protoc: `//:NAME` is each with all that it needs.",
        ),
        "programs": attr.string_dict(
            doc = "Programs in packages by the names of their targets; `{platform}` stands for `linux-x64` and the like.",
        ),
        "proto_library": attr.string(
            doc = "Name of the proto_library of `protos`.",
            mandatory = True,
        ),
        "protos": attr.string_dict(
            doc = "Files of packages by the paths that they are to be imported by.",
        ),
    },
)
