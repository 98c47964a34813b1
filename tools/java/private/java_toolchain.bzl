"""The toolchain of a language on the JVM: the machine's JDK, the dependency layer and what compiles."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":java_info.bzl", "JavaSdkInfo", "JvmInfo")

JAVA_TOOLCHAIN_TYPE = str(Label("//tools/java:toolchain_type"))

# Makes a rule's target incompatible where there is no JDK.
JAVA_SDK = attr.label(default = "@java//:sdk")

def jvm_attrs(toolchain_type):
    """Returns the attributes by which a rule finds its language's toolchain.

    Args:
      toolchain_type: string: label of the toolchain type.
    """
    return {
        "_sdk": JAVA_SDK,
        "_toolchain_type": attr.string(default = toolchain_type),
    }

def jvm_toolchain(ctx):
    """Returns the toolchain of a rule's language.

    Args:
      ctx: context of a rule with the attributes of `jvm_attrs`.
    """
    return ctx.toolchains[ctx.attr._toolchain_type]

def _java_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        builder = ctx.file.builder,
        compiler = ctx.files.compiler,
        compiler_class = ctx.attr.compiler_class,
        compiler_script = ctx.file.compiler_script,
        compiler_flags = ctx.attr.compiler_flags,
        components = ctx.attr.layer[ComponentsInfo],
        language = ctx.attr.language,
        layer = ctx.attr.layer[JvmInfo],
        options = ctx.attr.options,
        release = ctx.attr.release,
        sdk = ctx.attr.sdk[JavaSdkInfo],
    )]

java_toolchain = rule(
    implementation = _java_toolchain_impl,
    doc = "What the rules of a language on the JVM compile with.",
    attrs = {
        "builder": attr.label(
            doc = "The program of the rules' actions, as a folder of classes.",
            allow_single_file = True,
            cfg = "exec",
            mandatory = True,
        ),
        "compiler": attr.label(
            doc = "The jars of a compiler that takes javac's flags `-classpath` and `-d`; left out for javac.",
            cfg = "exec",
        ),
        "compiler_class": attr.string(
            doc = "The class to run of it.",
        ),
        "compiler_flags": attr.string_list(
            doc = "Flags of the machine that runs it, besides those for a quick start.",
        ),
        "compiler_script": attr.label(
            doc = "A program for that class, where it is an interpreter: its first argument.",
            allow_single_file = True,
            cfg = "exec",
        ),
        "language": attr.string(
            doc = "The language, as mnemonics begin: `Java`.",
            mandatory = True,
        ),
        "layer": attr.label(
            doc = "The dependency layer.",
            cfg = "exec",
            mandatory = True,
            providers = [ComponentsInfo, JvmInfo],
        ),
        "options": attr.string_list(
            doc = "Flags of the compiler for our own code.",
        ),
        "release": attr.string(
            doc = "The version of the language and of the JDK's interfaces.",
            mandatory = True,
        ),
        "sdk": attr.label(
            doc = "The machine's JDK.",
            cfg = "exec",
            mandatory = True,
            providers = [JavaSdkInfo],
        ),
    },
)
