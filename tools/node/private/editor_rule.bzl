"""node_editor: a tsconfig.json for the TypeScript language server."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "editor_path", "made_by_rules")
load(":node_info.bzl", "NodeInfo")

def _up(folder):
    return "/".join([".."] * len(folder.split("/")))

def _tsconfig(package, tsconfig, declaration):
    up = _up(package)
    return {
        "compilerOptions": {
            # Packages are behind a link, and one package must not be two.
            "preserveSymlinks": False,
            "rootDirs": [up, up + "/generated"],
        },
        "extends": "%s/%s" % (up, tsconfig.path),
        "files": ["%s/%s" % (up, declaration.path)],
        "include": ["**/*.ts"],
    }

def _modules(files):
    """Returns the folder of packages that some of its files are in."""
    return editor_path(files[0].path.partition("/node_modules/")[0] + "/node_modules")

def _node_editor_impl(ctx):
    if ctx.attr.missing:
        return [editor_info(ctx, "node", missing = ctx.attr.missing)]
    sources = depset(transitive = [library[NodeInfo].sources for library in ctx.attr.libraries]).to_list()
    config = _tsconfig(ctx.label.package, ctx.file._tsconfig, ctx.file._declaration)
    return [editor_info(
        ctx,
        "node",
        copied = made_by_rules(sources),
        links = {"node_modules": _modules(ctx.files.modules)},
        settings = {"typescript.tsdk": "node_modules/typescript/lib"},
        texts = {ctx.label.package + "/tsconfig.json": json.encode_indent(config, indent = "  ") + "\n"},
    )]

_node_editor = rule(
    implementation = _node_editor_impl,
    doc = "Tells editors where generated TypeScript is; the macro of this name says more.",
    attrs = {
        "libraries": attr.label_list(
            doc = "Libraries whose sources, or those that they import, rules make.",
            providers = [NodeInfo],
        ),
        "missing": attr.string(
            doc = "Why TypeScript cannot be compiled here.",
        ),
        "modules": attr.label(
            doc = "The third-party packages.",
        ),
        "_declaration": attr.label(
            default = ":binpb.d.ts",
            allow_single_file = True,
        ),
        "_tsconfig": attr.label(
            default = ":tsconfig.json",
            allow_single_file = True,
        ),
    },
    provides = [EditorInfo],
)

def node_editor(name, libraries, missing = "", **kwargs):
    """Tells editors where generated TypeScript and the packages are: a `tsconfig.json`, and `node_modules`.

    Own and generated sources import each other as if they lay in one tree; `rootDirs` says so to the compiler. A
    macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      libraries: list of labels of `node_library`.
      missing: string: `NODE_MISSING`.
      **kwargs: attributes that all rules have.
    """
    _node_editor(
        name = name,
        libraries = [] if missing else libraries,
        missing = missing,
        modules = None if missing else "@node_deps//:modules",
        **kwargs
    )
