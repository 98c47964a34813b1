"""java_builder: compiles the program that the Java rules' actions run."""

load(":java_info.bzl", "JavaSdkInfo")

def _java_builder_impl(ctx):
    sdk = ctx.attr.sdk[JavaSdkInfo]
    classes = ctx.actions.declare_directory(ctx.label.name)
    args = ctx.actions.args()
    args.add("-J-XX:TieredStopAtLevel=1")
    args.add("-J-XX:+UseSerialGC")
    args.add("--release", "17")
    args.add_all(["-Xlint:all", "-Werror", "-proc:none", "-implicit:none"])
    args.add_all("-d", [classes], expand_directories = False)
    args.add_all(ctx.files.srcs)
    ctx.actions.run(
        executable = sdk.javac,
        arguments = [args],
        inputs = ctx.files.srcs,
        tools = sdk.files,
        outputs = [classes],
        mnemonic = "JavaBuilder",
        progress_message = "Compiling %{label} of the Java rules",
    )
    return [DefaultInfo(files = depset([classes]))]

java_builder = rule(
    implementation = _java_builder_impl,
    doc = "A program over the JDK alone, made by javac alone: a folder of classes that other actions run.",
    attrs = {
        "sdk": attr.label(
            doc = "The machine's JDK.",
            cfg = "exec",
            mandatory = True,
            providers = [JavaSdkInfo],
        ),
        "srcs": attr.label_list(
            doc = "Java sources.",
            allow_empty = False,
            allow_files = [".java"],
            mandatory = True,
        ),
    },
)
