"""What makes a program of an assembly, for the rules that have one."""

load(":actions.bzl", "compile_assembly")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE")

# Small and short-lived programs: no profile is worth its cost, no collector needs a thread of its own. The pool has two
# threads on two cores and adds one each half second: too late for what waits behind writes to a pipe.
_RUNTIME_PROPERTIES = {
    "System.GC.Concurrent": False,
    "System.Globalization.Invariant": True,
    "System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing": True,
    "System.Runtime.TieredPGO": False,
    "System.Threading.ThreadPool.MinThreads": 16,
}

def make_program(ctx, sources):
    """Compiles a program, and gathers in one folder what it runs with.

    Args:
      ctx: context of a rule with the C# toolchain and the attribute `_launcher`.
      sources: `CSharpSourcesInfo` of the kind `exe`.

    Returns:
      struct(executable, files): the launcher, and the Files that it needs in its runfiles.
    """
    toolchain = ctx.toolchains[CSHARP_TOOLCHAIN_TYPE]
    folder = ctx.label.name + ".app/"
    assembly = ctx.actions.declare_file("%s%s.dll" % (folder, sources.name))
    compile_assembly(ctx, sources, assembly)
    config = ctx.actions.declare_file("%s%s.runtimeconfig.json" % (folder, sources.name))
    frameworks = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"]
    ctx.actions.write(config, json.encode_indent({"runtimeOptions": {
        "configProperties": _RUNTIME_PROPERTIES,
        "frameworks": [{"name": name, "version": "10.0.0"} for name in frameworks],
        "tfm": "net10.0",
    }}))
    files = [assembly, config] + toolchain.runtime
    for library in sources.deps.to_list() + toolchain.packages:
        beside = ctx.actions.declare_file(folder + library.basename)
        ctx.actions.symlink(output = beside, target_file = library)
        files.append(beside)
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._launcher,
        output = executable,
        substitutions = {
            "{assembly}": "%s/%s" % (ctx.workspace_name, assembly.short_path),
            "{dotnet}": toolchain.runtime[0].short_path.removeprefix("../"),
        },
        is_executable = True,
    )
    return struct(executable = executable, files = [executable] + files)
