"""jvm_binary: the rule for a program in one jar with its launcher; java_binary: Java's."""

load(":actions.bzl", "run_builder")
load(":java_info.bzl", "JvmInfo")
load(":java_toolchain.bzl", "JAVA_TOOLCHAIN_TYPE", "jvm_attrs", "jvm_toolchain")

# Serial collector and first compiler: what a program of a few seconds starts soonest with. The files that
# performance tools read are written at every start.
_JVM_FLAGS = [
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
]

def _binary_impl(ctx):
    toolchain = jvm_toolchain(ctx)
    jar = ctx.actions.declare_file(ctx.label.name + ".jar")
    launcher = ctx.actions.declare_file(ctx.label.name)
    jars = depset(
        transitive = [dep[JvmInfo].jars for dep in ctx.attr.deps] + [toolchain.layer.jars],
        order = "preorder",
    )
    args = ctx.actions.args()
    args.add("program")
    args.add("--out", jar)
    args.add("--launcher", launcher)
    args.add("--template", ctx.file._launcher)
    args.add_all(jars, before_each = "--jar")
    args.add_all({
        "jar": jar.basename,
        "java": toolchain.sdk.home + "/bin/java",
        "jvm_flags": " ".join(_JVM_FLAGS + ctx.attr.jvm_flags),
        "main": ctx.attr.main_class,
        "rehearsal": ctx.attr.rehearsal_class,
    }.items(), map_each = _substitution)
    run_builder(
        ctx,
        toolchain.sdk,
        toolchain.builder,
        args,
        depset([ctx.file._launcher], transitive = [jars]),
        [jar, launcher],
        toolchain.language + "Program",
    )
    return [
        DefaultInfo(
            executable = launcher,
            files = depset([launcher]),
            runfiles = ctx.runfiles(files = [launcher, jar, toolchain.sdk.version]),
        ),
        # The jar has the whole layer.
        toolchain.components,
    ]

def _substitution(pair):
    return "--set=%s=%s" % pair

def jvm_binary(toolchain_type):
    """Returns the rule for a program of a language on the JVM.

    Args:
      toolchain_type: string: label of the language's toolchain type.
    """
    return rule(
        implementation = _binary_impl,
        doc = """A program: a jar of everything it needs, and a launcher of the target's name beside it.

The launcher is a shell script that becomes the machine's `java`.
""",
        attrs = jvm_attrs(toolchain_type) | {
            "deps": attr.label_list(
                doc = "Libraries of which the program is made.",
                allow_empty = False,
                mandatory = True,
                providers = [JvmInfo],
            ),
            "jvm_flags": attr.string_list(
                doc = "Flags of the machine, besides those for a quick start.",
            ),
            "main_class": attr.string(
                doc = "The class to run.",
                mandatory = True,
            ),
            "rehearsal_class": attr.string(
                doc = "A class whose run loads what the program loads: the first start runs it and keeps an " +
                      "archive of those classes in the user's cache. Left out: no archive.",
            ),
            "_launcher": attr.label(
                default = "//tools/java/private:launcher.sh.tpl",
                allow_single_file = True,
            ),
        },
        executable = True,
        toolchains = [toolchain_type],
    )

java_binary = jvm_binary(JAVA_TOOLCHAIN_TYPE)
