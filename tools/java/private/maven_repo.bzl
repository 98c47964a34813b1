"""Repository rule for the third-party code of a Maven lock."""

load("//tools/implementation:repositories.bzl", "missing_toolchain", "write_missing_toolchain")
load(":licences.bzl", "tell_archives")
load(":maven_lock.bzl", "parse_lock", "pom_of")
load(":versions.bzl", "MAVEN_COPY")

_BUILD = """\
load("{jar_program_rule}", "java_jar_program")
load("{layer_rule}", "java_layer")

package(default_visibility = ["//visibility:public"])

exports_files(glob(["*.bzl", "files/*"]))

filegroup(
    name = "archives",
    srcs = ["archives.jsonl"],
)
"""

_LAYER = """
java_layer(
    name = "{name}",
    builder = "{builder}",
    components = {components},
    jars = {files},
    sdk = "{sdk}",
)
"""

_PROGRAM = """
java_jar_program(
    name = "{name}",
    jar = "{file}",
    sdk = "{sdk}",
)
"""

_FILEGROUP = """
filegroup(
    name = "{name}",
    srcs = {files},
)
"""

def _execute(repository_ctx, command):
    result = repository_ctx.execute(command, timeout = 900)
    if result.return_code:
        fail("%s for %s failed:\n%s%s" % (
            " ".join([str(word) for word in command]),
            repository_ctx.attr.lock,
            result.stdout,
            result.stderr,
        ))
    return result.stdout

def _fetch(repository_ctx, artifacts):
    """Fetches the files to `files`; fails where one is not what the lock says."""
    repository_ctx.file("pom.xml", pom_of(artifacts))
    mvn = repository_ctx.path(repository_ctx.attr.mvn).realpath
    _execute(repository_ctx, [mvn, "-B", "-q", "-ntp", MAVEN_COPY, "-DoutputDirectory=files"])
    found = _execute(repository_ctx, ["sha256sum"] + ["files/" + each.file for each in artifacts])
    digests = {line[66:]: line[:64] for line in found.split("\n")}
    for each in artifacts:
        if digests["files/" + each.file] != each.sha256:
            fail("%s: %s has sha256 %s, expected %s" % (
                repository_ctx.attr.lock,
                each.file,
                digests["files/" + each.file],
                each.sha256,
            ))
        if each.type == "exe":
            _execute(repository_ctx, ["chmod", "755", "files/" + each.file])

def _chosen(repository_ctx, artifacts, group):
    """Returns the files of the artifacts of a group; a name that ends in `*` stands for all that begin so."""
    chosen = []
    for wanted in group:
        found = [
            "files/" + each.file
            for each in artifacts
            if each.name == wanted or wanted.endswith("*") and each.name.startswith(wanted[:-1])
        ]
        if not found:
            fail("%s: no artifact %s, which the extension asks for" % (repository_ctx.attr.lock, wanted))
        chosen += [file for file in found if file not in chosen]
    return chosen

def _maven_repo_impl(repository_ctx):
    artifacts = parse_lock(repository_ctx.read(repository_ctx.attr.lock), repository_ctx.attr.lock)
    repository_ctx.file("versions.bzl", "MAVEN_VERSIONS = %r\n" % {each.artifact: each.version for each in artifacts})
    missing = missing_toolchain(repository_ctx, repository_ctx.attr.missing)
    if missing:
        attr = repository_ctx.attr
        targets = ["archives"] + attr.filegroups.keys() + attr.layers.keys() + attr.programs.keys()
        write_missing_toolchain(repository_ctx, missing, targets, warn = False)
        return
    _fetch(repository_ctx, artifacts)
    tell_archives(repository_ctx, artifacts, _execute)
    build = _BUILD.format(
        jar_program_rule = Label(":jar_program_rule.bzl"),
        layer_rule = Label(":layer_rule.bzl"),
    )
    sdk = repository_ctx.attr.mvn.relative(":sdk")
    for name, group in repository_ctx.attr.layers.items():
        build += _LAYER.format(
            name = name,
            builder = Label("//tools/java:builder"),
            components = [file.replace("files/", "components/") + ".jsonl" for file in _chosen(repository_ctx, artifacts, group)],
            files = _chosen(repository_ctx, artifacts, group),
            sdk = sdk,
        )
    for name, group in repository_ctx.attr.filegroups.items():
        build += _FILEGROUP.format(name = name, files = _chosen(repository_ctx, artifacts, group))
    for name, artifact in repository_ctx.attr.programs.items():
        [file] = _chosen(repository_ctx, artifacts, [artifact])
        build += _PROGRAM.format(name = name, file = file, sdk = sdk)
    repository_ctx.file("BUILD.bazel", build)

maven_repo = repository_rule(
    implementation = _maven_repo_impl,
    doc = """Third-party code, fetched by Maven and checked against a lock.

`//:archives` tells of each file. `MAVEN_VERSIONS` of `//:versions.bzl` is a dict of the versions in the lock, by artifact.
""",
    attrs = {
        "filegroups": attr.string_list_dict(
            doc = "Targets that are files as they are, and the artifacts of which: `ARTIFACT`, `ARTIFACT:CLASSIFIER` " +
                  "of a jar that has one, or `a*` for all that begin with `a`.",
        ),
        "layers": attr.string_list_dict(
            doc = "Targets that are jars merged to one, and the artifacts of which.",
        ),
        "lock": attr.label(
            doc = "The lock, which //tools/java/private:renew.py writes.",
            mandatory = True,
        ),
        "missing": attr.label(
            doc = "`missing.bzl` of the repository of the JDK.",
            mandatory = True,
        ),
        "mvn": attr.label(
            doc = "The mvn command, beside the target `sdk`.",
            mandatory = True,
        ),
        "programs": attr.string_dict(
            doc = "Targets that are programs, and the artifact of each: a jar with a main class.",
        ),
    },
)
