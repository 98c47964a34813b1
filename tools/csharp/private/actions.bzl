"""The actions of the C# rules: the compiler, and what makes a program of an assembly."""

load(":csharp_info.bzl", "CSharpInfo", "CSharpSourcesInfo")
load(":csharp_toolchain.bzl", "CSHARP_TOOLCHAIN_TYPE")
load(":versions.bzl", "DOTNET_ENV")

# They tell of versions of assemblies that the runtime unifies.
_NO_WARNING = "1701,1702"

# Small and short-lived programs: no profile is worth its cost, no collector needs a thread of its own. The pool has two
# threads on two cores and adds one each half second: too late for what waits behind writes to a pipe.
_RUNTIME_PROPERTIES = {
    "System.GC.Concurrent": False,
    "System.Globalization.Invariant": True,
    "System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing": True,
    "System.Runtime.TieredPGO": False,
    "System.Threading.ThreadPool.MinThreads": 16,
}

def sources_of(ctx, kind, deps, srcs):
    """Returns what an assembly is made of.

    Args:
      ctx: context of the rule.
      kind: string: `exe` or `library`.
      deps: list of `CSharpInfo`.
      srcs: list of Files.

    Returns:
      `CSharpSourcesInfo`.
    """
    return CSharpSourcesInfo(
        deps = depset(transitive = [dep.assemblies for dep in deps]),
        kind = kind,
        name = ctx.label.name,
        srcs = srcs,
    )

def _compiler_args(ctx, sources):
    """Returns the arguments that say what an assembly is made of."""
    toolchain = ctx.toolchains[CSHARP_TOOLCHAIN_TYPE]
    args = ctx.actions.args()
    args.use_param_file("@%s", use_always = True)
    args.set_param_file_format("multiline")
    args.add_all(["-nostdlib", "-nologo", "-deterministic", "-utf8output"])
    args.add_all(["-langversion:14", "-nullable:enable", "-nowarn:" + _NO_WARNING])
    args.add(sources.kind, format = "-target:%s")
    args.add_all(toolchain.references, format_each = "-reference:%s")
    args.add_all(toolchain.packages, format_each = "-reference:%s")
    args.add_all(sources.deps, format_each = "-reference:%s")
    args.add_all(sources.srcs)
    return args

def _inputs(ctx, sources, more = []):
    toolchain = ctx.toolchains[CSHARP_TOOLCHAIN_TYPE]
    direct = sources.srcs + more + toolchain.references + toolchain.packages
    return depset(direct, transitive = [sources.deps])

def compile_assembly(ctx, sources, assembly, generated = False):
    """Compiles an assembly.

    Args:
      ctx: context of a rule with the C# toolchain.
      sources: `CSharpSourcesInfo`.
      assembly: the File to write.
      generated: bool: whether the sources are nobody's to improve; else warnings are errors.

    Returns:
      `CSharpInfo`.
    """
    toolchain = ctx.toolchains[CSHARP_TOOLCHAIN_TYPE]
    dotnet, csc = toolchain.compiler[:2]
    verb = ctx.actions.args()
    verb.add_all(["exec", csc, "-noconfig"])
    args = _compiler_args(ctx, sources)
    args.add(assembly, format = "-out:%s")

    # What tells lines in traces holds paths, which differ from one sandbox to the next.
    debug = ctx.var["COMPILATION_MODE"] == "dbg"
    args.add_all(["-debug:embedded"] if debug else ["-debug-", "-optimize+"])
    args.add("-warn:0" if generated else "-warnaserror+")
    mnemonic = "CSharpProgram" if sources.kind == "exe" else "CSharpLibrary"
    ctx.actions.run(
        executable = dotnet,
        arguments = [verb, args],
        env = DOTNET_ENV,
        inputs = _inputs(ctx, sources),
        tools = toolchain.compiler,
        outputs = [assembly],
        mnemonic = mnemonic,
        progress_message = mnemonic.replace("CSharp", "C#: ", 1) + " %{label}",
        toolchain = CSHARP_TOOLCHAIN_TYPE,
    )
    return CSharpInfo(assemblies = depset([assembly], transitive = [sources.deps]))

def analyze_assembly(ctx, sources, findings):
    """Writes what analyzers have to say against an assembly; nothing is an empty file.

    Args:
      ctx: context of a rule with the C# toolchain and the attributes `config`, `_analyze` and `_analyzers`.
      sources: `CSharpSourcesInfo`.
      findings: the File to write.
    """
    toolchain = ctx.toolchains[CSHARP_TOOLCHAIN_TYPE]
    dotnet, csc = toolchain.compiler[:2]
    analyzers = [file for file in ctx.files._analyzers if file.extension == "dll"]
    configs = [file for file in ctx.files._analyzers + ctx.files.config if file.extension != "dll"]
    verb = ctx.actions.args()
    verb.add_all([findings, dotnet, "exec", csc, "-noconfig"])
    args = _compiler_args(ctx, sources)
    args.add_all(analyzers, format_each = "-analyzer:%s")
    args.add_all(configs, format_each = "-analyzerconfig:%s")
    ctx.actions.run(
        executable = ctx.executable._analyze,
        arguments = [verb, args],
        env = DOTNET_ENV,
        inputs = _inputs(ctx, sources, analyzers + configs),
        tools = toolchain.compiler,
        outputs = [findings],
        mnemonic = "CSharpAnalyzers",
        progress_message = "C#: Analyzers over %{label}",
        toolchain = CSHARP_TOOLCHAIN_TYPE,
    )

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
