"""proto_plugin: declares one generator of protoc."""

load("//tools/proto:providers.bzl", "ProtoPluginInfo")

def _proto_plugin_impl(ctx):
    if bool(ctx.attr.archive) == bool(ctx.attr.outputs):
        fail("%s: given archive = %r and outputs = %r, expected one of them" % (
            ctx.label,
            ctx.attr.archive,
            ctx.attr.outputs,
        ))
    for output in ctx.attr.outputs:
        if not [part for part in ("{path}", "{name}", "{Name}") if part in output]:
            fail("outputs of %s: given %r, expected a pattern with {path}, {name} or {Name}" % (ctx.label, output))
    return [ProtoPluginInfo(
        archive = ctx.attr.archive,
        executable = ctx.attr.executable[DefaultInfo].files_to_run if ctx.attr.executable else None,
        generator = ctx.attr.generator,
        options = ctx.attr.options,
        outputs = ctx.attr.outputs,
    )]

proto_plugin = rule(
    implementation = _proto_plugin_impl,
    doc = """Declares one generator of protoc: one plugin, one target.

A language's `*_grpc_library` rule runs the plugins with `generate_sources`.

```starlark
proto_plugin(
    name = "protoc_gen_go",
    executable = "@go_deps//:protoc-gen-go",
    generator = "go",
    options = ["paths=source_relative"],
    outputs = ["{path}.pb.go"],
)
```
""",
    attrs = {
        "archive": attr.string(
            doc = "The one file written, relative to the output directory: an archive of sources, for a " +
                  "generator whose files are named for what is in the protos.",
        ),
        "executable": attr.label(
            doc = "The plugin program; left out for a generator that is inside protoc.",
            executable = True,
            cfg = "exec",
            allow_files = True,
        ),
        "generator": attr.string(
            doc = "The generator's name in protoc's flags: `NAME` in `--NAME_out`.",
            mandatory = True,
        ),
        "options": attr.string_list(
            doc = "Parameters for the generator, each given by `--NAME_opt`.",
        ),
        "outputs": attr.string_list(
            doc = "Files written for each proto source, relative to the output directory; `{path}` " +
                  "stands for the import path without `.proto`, `{name}` for its last part, `{Name}` for " +
                  "that in PascalCase. A file that the generator does not write fails the build.",
        ),
    },
    provides = [ProtoPluginInfo],
)
