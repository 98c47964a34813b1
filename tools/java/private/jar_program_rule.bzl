"""java_jar_program: a program that is a third-party jar with a main class."""

load(":actions.bzl", "JVM_FLAGS")
load(":java_info.bzl", "JavaSdkInfo")

_LAUNCHER = """\
#!/bin/sh
# The jar is beside this file, or where this is the tool of an action among its runfiles.
jar=${{0%/*}}/{jar}
[ -e "$jar" ] || jar=$0.runfiles/{runfile}
LC_ALL=C.UTF-8 exec '{java}' {flags} {program} "$@"
"""

def _runfile(ctx, file):
    """Returns where a file is in a program's runfiles."""
    if file.short_path.startswith("../"):
        return file.short_path.removeprefix("../")
    return ctx.workspace_name + "/" + file.short_path

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
            program = '-cp "$jar" ' + ctx.attr.main_class if ctx.attr.main_class else '-jar "$jar"',
            runfile = _runfile(ctx, jar),
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
            doc = "The jar, with all that it needs; a shell script that is one too will do.",
            allow_single_file = [".jar", ".sh"],
            mandatory = True,
        ),
        "main_class": attr.string(
            doc = "The class to run; left out: what the jar's manifest says.",
        ),
        "sdk": attr.label(
            doc = "The machine's JDK.",
            mandatory = True,
            providers = [JavaSdkInfo],
        ),
    },
    executable = True,
)
