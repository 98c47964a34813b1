"""The actions of the Java rules: one function for each verb of the builder."""

load(":java_toolchain.bzl", "jvm_toolchain")

# Builders live for a second or two. The exports are what Error Prone, a plugin of javac, reaches into.
JVM_FLAGS = [
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Xshare:auto",
] + [
    "--add-%s=jdk.compiler/com.sun.tools.javac.%s=ALL-UNNAMED" % (what, package)
    for what, packages in {
        "exports": ["api", "file", "main", "model", "parser", "processing", "tree", "util"],
        "opens": ["code", "comp"],
    }.items()
    for package in packages
]

def run_builder(ctx, sdk, builder, arguments, inputs, outputs, mnemonic):
    """Runs the builder.

    Args:
      ctx: context of the rule.
      sdk: `JavaSdkInfo`.
      builder: File: the builder's classes.
      arguments: `Args`, of which the first is the verb.
      inputs: depset or list of Files.
      outputs: list of Files.
      mnemonic: string: the language and the verb.
    """
    machine = ctx.actions.args()
    machine.add_all(JVM_FLAGS)
    machine.add_all("-cp", [builder], expand_directories = False)
    machine.add("Builder")
    arguments.use_param_file("@%s", use_always = True)
    arguments.set_param_file_format("multiline")
    ctx.actions.run(
        executable = sdk.java,
        arguments = [machine, arguments],
        inputs = inputs,
        tools = sdk.files + [builder],
        outputs = outputs,
        env = {"LC_ALL": "C.UTF-8"},
        mnemonic = mnemonic,
        progress_message = mnemonic + " %{label}",
    )

def compile_args(ctx, verb, out, srcs, classpath, javacopts):
    """Returns the arguments that compile sources.

    Args:
      ctx: context of a rule with the attributes of `jvm_attrs`.
      verb: string: `compile` or `lint`.
      out: File: the jar, or the report.
      srcs: list of Files: sources and archives of sources.
      classpath: depset of Files.
      javacopts: list of strings.

    Returns:
      `Args`.
    """
    args = ctx.actions.args()
    args.add(verb)
    args.add("--out", out)
    args.add_all(srcs, before_each = "--source")
    args.add_all(classpath, before_each = "--classpath")
    args.add_all(
        ["--release", jvm_toolchain(ctx).release] + javacopts,
        format_each = "--javac=%s",
    )
    return args

def compile_java(ctx, srcs, classpath, javacopts, out):
    """Compiles Java sources to a jar.

    Args:
      ctx: context of a rule with the attributes of `jvm_attrs`.
      srcs: list of Files: sources and archives of sources.
      classpath: depset of Files.
      javacopts: list of strings.
      out: File: the jar.
    """
    toolchain = jvm_toolchain(ctx)
    run_builder(
        ctx,
        toolchain.sdk,
        toolchain.builder,
        compile_args(ctx, "compile", out, srcs, classpath, javacopts),
        depset(srcs, transitive = [classpath]),
        [out],
        "JavaCompile",
    )

def _translate(ctx, srcs, classpath, options, out):
    toolchain = jvm_toolchain(ctx)
    script = [toolchain.compiler_script] if toolchain.compiler_script else []
    args = ctx.actions.args()
    args.add("translate")
    args.add("--out", out)
    args.add("--main", toolchain.compiler_class)
    args.add_all(toolchain.compiler, before_each = "--compiler")
    args.add_all(JVM_FLAGS[:4] + toolchain.compiler_flags, format_each = "--machine=%s")
    args.add_all(script, format_each = "--option=%s")
    args.add_all(options, format_each = "--option=%s")
    args.add_all(srcs, before_each = "--source")
    args.add_all(classpath, before_each = "--classpath")
    run_builder(
        ctx,
        toolchain.sdk,
        toolchain.builder,
        args,
        depset(srcs + script + toolchain.compiler, transitive = [classpath]),
        [out],
        toolchain.language + "Compile",
    )

def compile_sources(ctx, srcs, classpath, out, options = None):
    """Compiles sources of the toolchain's language to a jar.

    Args:
      ctx: context of a rule with the attributes of `jvm_attrs`.
      srcs: list of Files: sources and archives of sources.
      classpath: depset of Files.
      out: File: the jar.
      options: list of strings: flags of the compiler; left out: those for our own code.
    """
    toolchain = jvm_toolchain(ctx)
    chosen = toolchain.options if options == None else options
    compile = _translate if toolchain.compiler else compile_java
    compile(ctx, srcs, classpath, chosen, out)

def merge_jars(ctx, sdk, builder, jars, out, mnemonic):
    """Merges jars to one, in which the first of several entries of a name counts.

    Args:
      ctx: context of the rule.
      sdk: `JavaSdkInfo`.
      builder: File: the builder's classes.
      jars: depset of Files.
      out: File: the jar.
      mnemonic: string.
    """
    args = ctx.actions.args()
    args.add("merge")
    args.add("--out", out)
    args.add_all(jars, before_each = "--jar")
    run_builder(ctx, sdk, builder, args, jars, [out], mnemonic)
