"""Repository rule that offers the workspace's own sources to tests, whatever package they are in."""

# What is no source: Git's and the tools' own files and folders. Bazel's links at the root are none either.
_SKIPPED = [
    ".cache",
    ".classpath",
    ".git",
    ".mypy_cache",
    ".project",
    ".pytest_cache",
    ".ruff_cache",
    ".settings",
    ".venv",
    ".vscode",
    "__pycache__",
    "node_modules",
]

# What is a user's own: Bazel's rc file, and what //tools/ide:setup makes for editors. Nothing here may depend on it.
_OWN = [
    ".solargraph.yml",
    "compile_commands.json",
    "csharp/Directory.Build.props",
    "generated",
    "go.work",
    "go.work.sum",
    "node/tsconfig.json",
    "pyrightconfig.json",
    "rust-project.json",
    "user.bazelrc",
]

# Names that would make a folder a package, or the repository another one.
_RENAMED = ["BUILD", "BUILD.bazel", "REPO.bazel", "WORKSPACE", "WORKSPACE.bazel"]

_GROUPS = {
    "csharp": [".cs", ".csproj", ".editorconfig", ".globalconfig", "csharp/packages.lock.json"],
    "devcontainer": [".devcontainer/Dockerfile", ".devcontainer/devcontainer.json"],
    "cpp": [".cc", ".h", ".clang-format"],
    "go": [".go", "go.mod", "go.sum"],
    "java": [".java"],
    "kotlin": [".kt"],
    "node": [".css", ".mjs", ".ts", "biome.json", "private/tsconfig.json"],
    "proto": [".proto", "proto/buf.yaml", "proto/first_version.binpb"],
    "python": [".py", ".pyi", "pyproject.toml"],
    "ruby": [".rb", ".rubocop.yml"],
    "rust": [".rs"],
    "scala": [".scala", ".scalafmt.conf"],
    "starlark": [".bzl", ".bazel.source", "MODULE.bazel"],
}

def _walk(root):
    """Returns all source files below the root, as paths relative to it."""
    files, folders = [], [""]

    # Starlark has neither `while` nor recursion; a tree is never this deep and wide.
    for _ in range(10000):
        if not folders:
            return files
        folder = folders.pop()

        # Watched: a file that comes or goes makes this repository anew. Contents are not: the links
        # below are ordinary inputs.
        for child in (root.get_child(folder) if folder else root).readdir(watch = "yes"):
            name = child.basename
            path = folder + "/" + name if folder else name
            if name in _SKIPPED or path in _OWN or path.startswith("bazel-"):
                continue
            if child.is_dir:
                folders.append(path)
            else:
                files.append(path)
    fail("the workspace has more than 10000 folders")

def _sources_repo_impl(repository_ctx):
    root = repository_ctx.path(repository_ctx.attr.marker).dirname
    linked = []
    for path in sorted(_walk(root)):
        name = path.rpartition("/")[2]
        link = "tree/" + path + (".source" if name in _RENAMED else "")
        repository_ctx.symlink(root.get_child(path), link)
        linked.append(link)
    build = 'package(default_visibility = ["//visibility:public"])\n'
    for group, suffixes in ({"all": [""]} | _GROUPS).items():
        members = [link for link in linked if [s for s in suffixes if link.endswith(s)]]
        build += "\nfilegroup(\n    name = %r,\n    srcs = %r,\n)\n" % (group, members)
    repository_ctx.file("BUILD.bazel", build)

sources_repo = repository_rule(
    implementation = _sources_repo_impl,
    doc = """Links to the workspace's source files under `tree/`, and a filegroup for each kind of them.

The groups are `all` and those of _GROUPS. A file named `BUILD.bazel` is linked as `BUILD.bazel.source`, so that it
makes no package.
""",
    attrs = {
        "marker": attr.label(
            doc = "A file at the workspace's root.",
            mandatory = True,
        ),
    },
    local = True,
)
