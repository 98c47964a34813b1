"""editors_manifest: what all languages have for editors, as a list that a program reads."""

load("//tools/implementation:editors.bzl", "EditorInfo", "generated_place")

def _runfiles_path(ctx, file):
    if file.short_path.startswith("../"):
        return file.short_path.removeprefix("../")
    return ctx.workspace_name + "/" + file.short_path

def _merged(infos, field):
    """Returns one dict of all languages' dicts; fails where two say different things of one key."""
    merged = {}
    for info in infos:
        for key, value in getattr(info, field).items():
            if merged.get(key, value) != value:
                fail("%s of %s: given %r as %r, another language has %r" % (field, info.language, key, value, merged[key]))
            merged[key] = value
    return merged

def _editors_manifest_impl(ctx):
    infos = [target[EditorInfo] for target in ctx.attr.editors]
    copied = depset(transitive = [info.copied for info in infos]).to_list()
    texts, unpacked = _merged(infos, "texts"), _merged(infos, "unpacked")
    content = {
        "copied": {generated_place(file): _runfiles_path(ctx, file) for file in copied},
        "links": _merged(infos, "links"),
        "missing": {info.language: info.missing for info in infos if info.missing},
        "settings": _merged(infos, "settings"),
        "texts": {place: _runfiles_path(ctx, file) for place, file in texts.items()},
        "unpacked": {place: _runfiles_path(ctx, file) for place, file in unpacked.items()},
    }
    manifest = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(manifest, json.encode_indent(content, indent = "  ") + "\n")
    return [DefaultInfo(
        files = depset([manifest]),
        runfiles = ctx.runfiles(files = [manifest] + copied + texts.values() + unpacked.values()),
    )]

editors_manifest = rule(
    implementation = _editors_manifest_impl,
    doc = "Writes `NAME.json`: what is copied, written, linked and unpacked where, by runfiles paths.",
    attrs = {
        "editors": attr.label_list(
            doc = "What each language tells editors.",
            mandatory = True,
            providers = [EditorInfo],
        ),
    },
)
