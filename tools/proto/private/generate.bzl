"""The one protoc action: generators over the descriptor sets of a proto_library."""

load("//tools/proto:providers.bzl", "ProtoPluginInfo")

PROTO_TOOLCHAIN_TYPE = "@rules_proto//proto:toolchain_type"

def _import_path(source, root):
    if root in ("", "."):
        return source.short_path
    return source.path.removeprefix(root + "/")

def _outputs(pattern, import_path):
    path = import_path.removesuffix(".proto")
    name = path.rpartition("/")[2]
    pascal = "".join([word[:1].upper() + word[1:] for word in name.split("_")])
    return pattern.format(path = path, name = name, Name = pascal)

def _generate_with(ctx, proto, plugin, directory):
    sources = [_import_path(source, proto.proto_source_root) for source in proto.direct_sources]
    names = [plugin.archive] if plugin.archive else [
        _outputs(pattern, source)
        for source in sources
        for pattern in plugin.outputs
    ]
    outputs = [ctx.actions.declare_file(directory + "/" + name) for name in names]
    folder = "/".join([ctx.bin_dir.path, ctx.label.package, directory])
    generator = plugin.generator
    args = ctx.actions.args()
    args.add_joined(
        proto.transitive_descriptor_sets,
        format_joined = "--descriptor_set_in=%s",
        join_with = ctx.configuration.host_path_separator,
    )
    if plugin.executable:
        args.add(plugin.executable.executable, format = "--plugin=protoc-gen-" + generator + "=%s")
    args.add(outputs[0].path if plugin.archive else folder, format = "--" + generator + "_out=%s")
    args.add_all(plugin.options, format_each = "--" + generator + "_opt=%s")
    args.add_all(sources)
    ctx.actions.run(
        executable = ctx.toolchains[PROTO_TOOLCHAIN_TYPE].proto.proto_compiler,
        arguments = [args],
        inputs = proto.transitive_descriptor_sets,
        tools = [plugin.executable] if plugin.executable else [],
        outputs = outputs,
        mnemonic = "ProtoGenerate",
        progress_message = "Generating %s code for %%{label}" % generator,
        toolchain = PROTO_TOOLCHAIN_TYPE,
    )
    return outputs

def generate_sources(ctx, proto, plugins, directory):
    """Runs generators over the direct sources of a proto_library, one action for each.

    The calling rule names `PROTO_TOOLCHAIN_TYPE` among its toolchains, and should give the files to
    people in an output group: `OutputGroupInfo(generated_sources = depset(files))`.

    Args:
      ctx: context of the rule.
      proto: the proto_library's `ProtoInfo`.
      plugins: list of targets with `ProtoPluginInfo`.
      directory: folder for the files, relative to the target's package: the target's name, so that
        two targets of a package never write the same file.

    Returns:
      The generated files: a list, in the plugins' order, then the sources', then the patterns'.
    """
    files = []
    for plugin in plugins:
        files += _generate_with(ctx, proto, plugin[ProtoPluginInfo], directory)
    return files
