"""Providers of the proto rules."""

ProtoPluginInfo = provider(
    doc = "One generator of protoc: a plugin program, or one that is inside protoc.",
    fields = {
        "archive": "string: the one file it writes, an archive of sources; empty where it writes `outputs`.",
        "executable": "FilesToRunProvider of the plugin program; None for a generator inside protoc.",
        "generator": "string: its name in protoc's flags, `NAME` in `--NAME_out`.",
        "options": "list of strings: parameters for the generator, each given by `--NAME_opt`.",
        "outputs": "list of strings: the files it writes for each proto source, relative to the " +
                   "output directory; `{path}` stands for the import path without `.proto`, " +
                   "`{name}` for the path's last part, `{Name}` for that in PascalCase.",
    },
)
