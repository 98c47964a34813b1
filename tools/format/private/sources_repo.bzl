"""Repository rule that offers the workspace's own sources to tests, whatever package they are in."""

# What is no source, wherever it stands, beside what .gitignore names: Git's and the tools' own folders.
_SKIPPED = [
    ".git",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".settings",
    ".venv",
    ".vscode",
    "node_modules",
]

# Names that would make a folder a package, or the repository another one.
_RENAMED = ["BUILD", "BUILD.bazel", "REPO.bazel", "WORKSPACE", "WORKSPACE.bazel"]

_GROUPS = {
    "clojure": [".clj"],
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

def _ignored(text):
    """Returns what a .gitignore names: a predicate's data, struct(names, paths).

    Of its language this tree uses names, paths from the root, and `*` for one folder or the end of a name.
    """
    names, paths = [], []
    for line in text.splitlines():
        pattern = line.strip().removesuffix("/")
        if not pattern or pattern.startswith("#"):
            continue
        if pattern.startswith("/"):
            paths.append(pattern[1:].split("/"))
        elif "*" in pattern or "/" in pattern or pattern.startswith("!"):
            fail(".gitignore: %s: only names and paths from the root are understood" % line)
        else:
            names.append(pattern)
    return struct(names = names, paths = paths)

def _fits(pattern, part):
    return part.startswith(pattern[:-1]) if pattern.endswith("*") else part == pattern

def _is_source(ignored, path):
    """Whether a file or folder is one of the workspace's own, not of a tool's or of a user's."""
    parts = path.split("/")
    if parts[-1] in _SKIPPED or parts[-1] in ignored.names:
        return False
    for pattern in ignored.paths:
        if len(pattern) == len(parts) and all([_fits(pattern[i], parts[i]) for i in range(len(parts))]):
            return False
    return True

def _walk(root, ignored):
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
            path = folder + "/" + child.basename if folder else child.basename
            if not _is_source(ignored, path):
                continue
            if child.is_dir:
                folders.append(path)
            else:
                files.append(path)
    fail("the workspace has more than 10000 folders")

def _sources_repo_impl(repository_ctx):
    root = repository_ctx.path(repository_ctx.attr.marker).dirname
    linked = []
    ignored = _ignored(repository_ctx.read(root.get_child(".gitignore"), watch = "yes"))
    for path in sorted(_walk(root, ignored)):
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
