"""The Java toolchain: the machine's JDK, the dependency layer and the builder that the rules' actions run."""

load("//tools/implementation:defs.bzl", "ComponentsInfo")
load(":java_info.bzl", "JavaSdkInfo", "JvmInfo")

JAVA_TOOLCHAIN_TYPE = str(Label("//tools/java:toolchain_type"))

# Makes a rule's target incompatible where there is no JDK.
JAVA_SDK = attr.label(default = "@java//:sdk")

def _java_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        builder = ctx.file.builder,
        components = ctx.attr.layer[ComponentsInfo],
        layer = ctx.attr.layer[JvmInfo],
        release = ctx.attr.release,
        sdk = ctx.attr.sdk[JavaSdkInfo],
    )]

java_toolchain = rule(
    implementation = _java_toolchain_impl,
    doc = "What the Java rules compile with.",
    attrs = {
        "builder": attr.label(
            doc = "The program of the rules' actions, as a folder of classes.",
            allow_single_file = True,
            cfg = "exec",
            mandatory = True,
        ),
        "layer": attr.label(
            doc = "The dependency layer.",
            cfg = "exec",
            mandatory = True,
            providers = [ComponentsInfo, JvmInfo],
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
