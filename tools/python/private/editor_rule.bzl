"""py_editor: an environment for Python's language servers."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "editor_path", "made_by_rules")
load(":python_toolchain.bzl", "PYTHON_TOOLCHAIN_TYPE")

_VENV = "generated/venv"

def _roots(ctx, imports):
    """Returns (import roots of generated code, folders of wheels), of import roots as programs know them."""
    own = ctx.workspace_name + "/"
    generated = ["generated/" + path.removeprefix(own) for path in imports if path.startswith(own)]
    wheels = [editor_path("external/" + path) for path in imports if not path.startswith(own) and path.endswith("/site")]
    return ["generated"] + [path for path in generated if path != "generated/" + ctx.label.package], wheels

def _pyrightconfig(version, roots):
    return {
        "exclude": ["**/__pycache__", "bazel-*", "generated", "node_modules"],
        "extraPaths": roots,
        "pythonVersion": version,
        "venv": "venv",
        "venvPath": "generated",
    }

def _py_editor_impl(ctx):
    toolchain = ctx.toolchains[PYTHON_TOOLCHAIN_TYPE]
    version = ".".join(toolchain.version.split(".")[:2])
    infos = [library[PyInfo] for library in ctx.attr.libraries]
    sources = depset(transitive = [info.transitive_sources for info in infos]).to_list()
    roots, wheels = _roots(ctx, depset(transitive = [info.imports for info in infos]).to_list())
    if len(wheels) != 1:
        fail("libraries of %s: given wheels in %s, expected one folder" % (ctx.label, ", ".join(wheels)))
    return [editor_info(
        ctx,
        "python",
        copied = made_by_rules(sources),
        links = {
            _VENV + "/bin/python3": toolchain.interpreter_path,
            "%s/lib/python%s/site-packages" % (_VENV, version): wheels[0],
        },
        settings = {
            "python.analysis.extraPaths": roots,
            "python.defaultInterpreterPath": "${workspaceFolder}/%s/bin/python3" % _VENV,
        },
        texts = {
            _VENV + "/pyvenv.cfg": "home = %s\nversion = %s\n" % (toolchain.interpreter_path.rpartition("/")[0], version),
            "pyrightconfig.json": json.encode_indent(_pyrightconfig(version, roots), indent = "  ") + "\n",
        },
    )]

py_editor = rule(
    implementation = _py_editor_impl,
    doc = """Tells editors where generated Python and its type stubs are: a `pyrightconfig.json`, and an environment.

The environment, `generated/venv`, has the packages of the lock.
""",
    attrs = {
        "libraries": attr.label_list(
            doc = "Libraries whose sources, or those that they import, rules make.",
            mandatory = True,
            providers = [PyInfo],
        ),
    },
    provides = [EditorInfo],
    toolchains = [PYTHON_TOOLCHAIN_TYPE],
)
