"""The actions of the Java rules: one function for each verb of the builder."""

load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE")

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
        progress_message = mnemonic.replace("Java", "Java: ", 1) + " %{label}",
    )

def compile_args(ctx, verb, out, srcs, classpath, javacopts):
    """Returns the arguments that compile sources.

    Args:
      ctx: context of a rule with the Java toolchain.
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
        ["--release", ctx.toolchains[JAVA_TOOLCHAIN_TYPE].release] + javacopts,
        format_each = "--javac=%s",
    )
    return args

def compile_jar(ctx, srcs, classpath, javacopts, out):
    """Compiles sources to a jar.

    Args:
      ctx: context of a rule with the Java toolchain.
      srcs: list of Files: sources and archives of sources.
      classpath: depset of Files.
      javacopts: list of strings.
      out: File: the jar.
    """
    toolchain = ctx.toolchains[JAVA_TOOLCHAIN_TYPE]
    run_builder(
        ctx,
        toolchain.sdk,
        toolchain.builder,
        compile_args(ctx, "compile", out, srcs, classpath, javacopts),
        depset(srcs, transitive = [classpath]),
        [out],
        "JavaCompile",
    )

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
