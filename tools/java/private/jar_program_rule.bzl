"""java_jar_program: a program that is a third-party jar with a main class."""

load(":actions.bzl", "JVM_FLAGS")
load(":java_info.bzl", "JavaSdkInfo")

_LAUNCHER = """\
#!/bin/sh
# The jar is beside this file, or where this is the tool of an action among its runfiles.
jar=${{0%/*}}/{jar}
[ -e "$jar" ] || jar=$0.runfiles/{runfile}
LC_ALL=C.UTF-8 exec '{java}' {flags} -jar "$jar" "$@"
"""

def _java_jar_program_impl(ctx):
    jar = ctx.actions.declare_file(ctx.label.name + ".jar")
    ctx.actions.symlink(output = jar, target_file = ctx.file.jar)
    launcher = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        launcher,
        _LAUNCHER.format(
            flags = " ".join(JVM_FLAGS),
            jar = jar.basename,
            java = ctx.attr.sdk[JavaSdkInfo].home + "/bin/java",
            runfile = jar.short_path.removeprefix("../"),
        ),
        is_executable = True,
    )
    return [DefaultInfo(
        executable = launcher,
        files = depset([launcher]),
        runfiles = ctx.runfiles(files = [launcher, jar]),
    )]

java_jar_program = rule(
    implementation = _java_jar_program_impl,
    doc = "A program that is a jar with a main class; it may reach into javac.",
    attrs = {
        "jar": attr.label(
            doc = "The jar, with all that it needs.",
            allow_single_file = [".jar"],
            mandatory = True,
        ),
        "sdk": attr.label(
            doc = "The machine's JDK.",
            mandatory = True,
            providers = [JavaSdkInfo],
        ),
    },
    executable = True,
)
