"""java_sdk: the machine's JDK as a target."""

load(":java_info.bzl", "JavaSdkInfo")

def _java_sdk_impl(ctx):
    files = [ctx.file.java, ctx.file.javac, ctx.file.version]
    return [
        DefaultInfo(files = depset(files)),
        JavaSdkInfo(
            files = files,
            home = ctx.attr.home,
            java = ctx.file.java,
            javac = ctx.file.javac,
            version = ctx.file.version,
        ),
    ]

java_sdk = rule(
    implementation = _java_sdk_impl,
    doc = "The machine's JDK, used where it stands.",
    attrs = {
        "home": attr.string(
            doc = "The folder of the JDK.",
            mandatory = True,
        ),
        "java": attr.label(
            doc = "The java command.",
            allow_single_file = True,
            mandatory = True,
        ),
        "javac": attr.label(
            doc = "The javac command.",
            allow_single_file = True,
            mandatory = True,
        ),
        "version": attr.label(
            doc = "The JDK's version and digests.",
            allow_single_file = True,
            mandatory = True,
        ),
    },
    provides = [JavaSdkInfo],
)
