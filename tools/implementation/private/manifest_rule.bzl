"""implementation_manifest: the list of implementations that the runner reads."""

load(":implementation_info.bzl", "StockImplementationInfo")

def _runfiles_path(ctx, file):
    if not file:
        return ""
    if file.short_path.startswith("../"):
        return file.short_path.removeprefix("../")
    return ctx.workspace_name + "/" + file.short_path

def _entry(ctx, implementation):
    return {
        "client": _runfiles_path(ctx, implementation.client),
        "known_failing": _runfiles_path(ctx, implementation.known_failing),
        "language": implementation.language,
        "missing": implementation.missing,
        "requires": json.decode(implementation.requires),
        "server": _runfiles_path(ctx, implementation.server),
    }

def _implementation_manifest_impl(ctx):
    implementations = [target[StockImplementationInfo] for target in ctx.attr.implementations]
    languages = [implementation.language for implementation in implementations]
    for n, language in enumerate(languages):
        if language in languages[:n]:
            fail("implementations of %s: given %r twice, expected each language once" % (ctx.label, language))
    manifest = ctx.actions.declare_file(ctx.label.name + ".json")
    content = {
        "implementations": [_entry(ctx, implementation) for implementation in implementations],
        "others": [language for language in ctx.attr.others if language not in languages],
    }
    ctx.actions.write(manifest, json.encode_indent(content, indent = "  ") + "\n")
    runfiles = ctx.runfiles(files = [manifest])
    return [DefaultInfo(
        files = depset([manifest]),
        runfiles = runfiles.merge_all([target[DefaultInfo].default_runfiles for target in ctx.attr.implementations]),
    )]

implementation_manifest = rule(
    implementation = _implementation_manifest_impl,
    doc = """Writes `NAME.json`, which tells the runner what implementations there are.

```json
{
  "implementations": [
    {
      "client": "_main/go/stock_client",
      "known_failing": "_main/go/known_failing.toml",
      "language": "go",
      "missing": "",
      "requires": {"machine": [...], "libraries": {...}, "locks": [...], "fetched_by": "go"},
      "server": "_main/go/stock_server"
    }
  ],
  "others": ["rust"]
}
```

Paths are runfiles paths; the programs are in the manifest's runfiles. Where `missing` gives a reason,
the paths are empty. `requires` is what //tools/implementation:requirements.bzl makes of a language's needs.
""",
    attrs = {
        "implementations": attr.label_list(
            doc = "The implementations, in the order in which the runner starts them: slowest start first.",
            mandatory = True,
            allow_empty = False,
            providers = [StockImplementationInfo],
        ),
        "others": attr.string_list(
            doc = "Languages that are not here but elsewhere in the matrix: a known failure may name them. Those that " +
                  "are here may be listed too.",
        ),
    },
)
