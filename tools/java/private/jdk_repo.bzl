"""Repository rule that finds the machine's JDK."""

load(
    "//tools/implementation:repositories.bzl",
    "HIDE_TOOLCHAINS",
    "toolchain_is_hidden",
    "write_found_toolchain",
    "write_missing_toolchain",
)
load("//tools/implementation:requirements.bzl", "hidden", "lacking")
load(":versions.bzl", "JDK", "MAVEN", "MAVEN_COMMAND")

_BUILD = """\
load("{rules}", "java_sdk")

package(default_visibility = ["//visibility:public"])

# The JDK is used where it stands, so elsewhere it must stand there too: the files here make actions notice another one.
java_sdk(
    name = "sdk",
    java = "java",
    javac = "javac",
    home = "{home}",
    version = "version",
)

exports_files([
    "missing.bzl",
    "mvn",
])
"""

# Not a link: the commands look for the JDK beside their own files.
_COMMAND = """\
#!/bin/sh
exec '{home}/bin/{program}' "$@"
"""

# What of a JDK is its compiler, its libraries and its machine.
_DIGESTED = ["lib/modules", "lib/server/libjvm.so"]

def _run(repository_ctx, command):
    result = repository_ctx.execute(command, timeout = 60)
    return struct(
        error = (result.stderr.strip() or "it says nothing").split("\n")[0] if result.return_code else "",
        out = result.stdout.strip(),
        said = result.stderr.strip(),
    )

def _probe(repository_ctx, command):
    """Returns struct(home, version) or a string that says why the java command will not do."""
    shown = _run(repository_ctx, [command, "-XshowSettings:properties", "-version"])
    if shown.error:
        return "%s does not run: %s" % (command, shown.error)
    pairs = [line.strip().partition(" = ") for line in shown.said.split("\n")]
    properties = {name: value for name, equals, value in pairs if equals}
    home = properties.get("java.home", "")
    feature = properties.get("java.specification.version", "")
    if not home or not feature.replace("1.", "", 1).isdigit():
        return "%s is no java command: it tells no version" % command
    if (int(feature.removeprefix("1.")),) < JDK.at_least:
        return "%s is Java %s" % (command, properties.get("java.version", feature))
    if not repository_ctx.path(home + "/bin/javac").exists:
        return "%s has no javac in %s/bin" % (command, home)
    return struct(home = home, version = shown.said.rpartition(" = ")[2].partition("\n")[2].strip())

def _commands(repository_ctx):
    home = repository_ctx.os.environ.get("JAVA_HOME", "")
    found = [repository_ctx.path(home + "/bin/java")] if home.startswith("/") else []
    on_path = repository_ctx.which("java")
    return [command for command in found + [on_path] if command and command.exists]

def _find(repository_ctx):
    """Returns struct(home, version, mvn) or the reason why there is no Java."""
    if toolchain_is_hidden(repository_ctx, "java"):
        return hidden(JDK)
    mvn = repository_ctx.which(MAVEN_COMMAND)
    if not mvn:
        return lacking(MAVEN, "no %s on PATH" % MAVEN_COMMAND)
    refused = []
    for command in _commands(repository_ctx):
        found = _probe(repository_ctx, command)
        if type(found) != "string":
            return struct(home = found.home, mvn = mvn, version = found.version)
        refused.append(found)
    return lacking(JDK, "; ".join(refused) or "no java on PATH")

def _jdk_repo_impl(repository_ctx):
    found = _find(repository_ctx)
    if type(found) == "string":
        repository_ctx.file("mvn", "")
        write_missing_toolchain(repository_ctx, found, ["sdk"])
        return
    for program in ["java", "javac"]:
        repository_ctx.file(program, _COMMAND.format(home = found.home, program = program))
    repository_ctx.symlink(found.mvn, "mvn")
    digests = _run(repository_ctx, ["sha256sum"] + [found.home + "/" + file for file in _DIGESTED])
    if digests.error:
        fail("the JDK in %s cannot be read: %s" % (found.home, digests.error))
    repository_ctx.file("version", "%s\n%s\n" % (found.version, digests.out))
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        home = found.home,
        rules = Label(":sdk_rule.bzl"),
    ))
    write_found_toolchain(repository_ctx)

jdk_repo = repository_rule(
    implementation = _jdk_repo_impl,
    doc = """The machine's JDK: `//:sdk`.

Where there is none, or only one that is too old, or no Maven, it is incompatible, and `MISSING` of
`//:missing.bzl` says why; it is the empty string otherwise.
""",
    environ = [
        "JAVA_HOME",
        "PATH",
        HIDE_TOOLCHAINS,
    ],
    local = True,
)
