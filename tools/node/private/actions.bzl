"""The actions of the Node.js rules: one function for each verb of the builder."""

load(":node_toolchain.bzl", "NODE_TOOLCHAIN_TYPE")

def _staged(file):
    return "%s=%s" % (file.short_path, file.path)

def _modules_root(files):
    for file in files.to_list():
        root, found, _ = file.path.partition("/node_modules/")
        if found:
            return root + "/node_modules"
    fail("no file of a package given, expected some")

def _run(ctx, verb, args, inputs, outputs, mnemonic, message):
    toolchain = ctx.toolchains[NODE_TOOLCHAIN_TYPE]
    command = ctx.actions.args()
    command.add(toolchain.builder)
    command.add(verb)
    ctx.actions.run(
        executable = toolchain.sdk[0],
        arguments = [command, args],
        inputs = depset([toolchain.builder], transitive = inputs),
        tools = toolchain.sdk,
        outputs = outputs,
        mnemonic = mnemonic,
        progress_message = message + " %{label}",
        toolchain = NODE_TOOLCHAIN_TYPE,
    )

def bundle(ctx, entry, out, sources, flag = "", components = None):
    """Makes one executable file of a source and of all that it imports.

    Args:
      ctx: context of a rule with the Node.js toolchain.
      entry: File: the source.
      out: the file.
      sources: depset of Files: `entry` and what it imports that is not of a package.
      flag: string: a flag of Node.js.
      components: a file for lines that tell of the packages of which something is in `out`; or None.
    """
    toolchain = ctx.toolchains[NODE_TOOLCHAIN_TYPE]
    args = ctx.actions.args()
    args.add("--esbuild", toolchain.esbuild)
    args.add("--entry", entry.short_path)
    args.add("--interpreter", " ".join([toolchain.interpreter, flag]).strip())
    args.add("--modules", _modules_root(toolchain.modules))
    args.add("--out", out)
    if ctx.var["COMPILATION_MODE"] == "dbg":
        args.add("--source-map")
    outputs, more = [out], []
    if components:
        args.add("--archives", toolchain.archives)
        args.add("--components", components)
        outputs, more = [out, components], [toolchain.archives]
    args.add_all(sources, map_each = _staged)
    inputs = [depset([toolchain.esbuild] + more), toolchain.modules, sources]
    _run(ctx, "bundle", args, inputs, outputs, "NodeBundle", "Bundling")

def check_types(ctx, sources, out):
    """Fails where the types of sources do not fit.

    Args:
      ctx: context of a rule with the Node.js toolchain.
      sources: depset of Files.
      out: the file, empty, that stands for success.
    """
    toolchain = ctx.toolchains[NODE_TOOLCHAIN_TYPE]
    args = ctx.actions.args()
    args.add("--modules", _modules_root(toolchain.modules))
    args.add("--tsconfig", toolchain.tsconfig)
    args.add("--out", out)
    args.add_all(sources, map_each = _staged)
    inputs = [depset([toolchain.tsconfig]), toolchain.modules, toolchain.typescript, sources]
    _run(ctx, "check", args, inputs, [out], "NodeCheck", "Checking the types of")

def concatenate(ctx, files, out):
    """Puts files after one another.

    Args:
      ctx: context of a rule with the Node.js toolchain.
      files: depset of Files.
      out: the file.
    """
    args = ctx.actions.args()
    args.add("--out", out)
    args.add_all(files)
    _run(ctx, "concatenate", args, [files], [out], "NodeConcatenate", "Concatenating files of")
