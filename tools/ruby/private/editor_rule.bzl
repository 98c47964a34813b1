"""ruby_editor: load paths for Ruby's language servers."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "made_by_rules")
load(":ruby_info.bzl", "RubyInfo")

_SOLARGRAPH = """\
include:
  - {package}/**/*.rb
  - generated/{package}/**/*.rb
exclude: []
require_paths:
{paths}
"""

def _ruby_editor_impl(ctx):
    if ctx.attr.missing:
        return [editor_info(ctx, "ruby", missing = ctx.attr.missing)]
    package = ctx.label.package
    infos = [library[RubyInfo] for library in ctx.attr.libraries]
    files = depset(transitive = [info.files for info in infos]).to_list()
    own = ctx.workspace_name + "/"
    folders = [path.removeprefix(own) for path in depset(transitive = [info.load_paths for info in infos]).to_list()]
    sources = [folder for folder in folders if [file for file in files if file.is_source and file.path.startswith(folder + "/")]]
    paths = sources + ["generated/" + folder for folder in folders]
    return [editor_info(
        ctx,
        "ruby",
        copied = made_by_rules(files),
        texts = {".solargraph.yml": _SOLARGRAPH.format(
            package = package,
            paths = "\n".join(["  - " + path for path in paths]),
        )},
    )]

_ruby_editor = rule(
    implementation = _ruby_editor_impl,
    doc = "Tells editors where generated Ruby is; the macro of this name says more.",
    attrs = {
        "libraries": attr.label_list(
            doc = "Libraries whose load paths editors should know.",
            providers = [RubyInfo],
        ),
        "missing": attr.string(
            doc = "Why Ruby cannot run here.",
        ),
    },
    provides = [EditorInfo],
)

def ruby_editor(name, libraries, missing = "", **kwargs):
    """Tells editors where generated Ruby and the gems are: a `.solargraph.yml`, and files that ruby-lsp indexes.

    A macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      libraries: list of labels of `ruby_library`.
      missing: string: `RUBY_MISSING`.
      **kwargs: attributes that all rules have.
    """
    layers = [Label("//tools/ruby:runtime"), Label("//tools/ruby:minitest")]
    _ruby_editor(name = name, libraries = [] if missing else libraries + layers, missing = missing, **kwargs)
