"""For repository rules: what there is to tell of Maven artifacts; their licences stand in their POMs or above these."""

load("//tools/implementation:repositories.bzl", "component")
load(":versions.bzl", "MAVEN_COPY")

def _text(xml, tag):
    """Returns what is in the first element of a name; empty where there is none."""
    return xml.partition("<%s>" % tag)[2].partition("</%s>" % tag)[0].strip()

def _pom(group, artifact, version):
    return "poms/%s/%s/%s/%s-%s.pom" % (group.replace(".", "/"), artifact, version, artifact, version)

def _without_comments(xml):
    parts = xml.split("<!--")
    return parts[0] + "".join([part.partition("-->")[2] for part in parts[1:]])

def _licence(repository_ctx, path):
    """Returns the licence of a POM, which it may have of one of its parents; empty where none says."""
    for _ in range(10):
        if not repository_ctx.path(path).exists:
            return ""
        xml = _without_comments(repository_ctx.read(path))
        licences = _text(xml, "licenses").split("<license>")[1:]
        if licences:
            return " OR ".join([_text(licence, "name") for licence in licences])
        parent = _text(xml, "parent")
        path = _pom(_text(parent, "groupId"), _text(parent, "artifactId"), _text(parent, "version"))
    fail("%s: more than ten parents" % path)

def _qualifiers(artifact):
    if not artifact.classifier:
        return ""
    return "?classifier=%s&type=%s" % (artifact.classifier, artifact.type)

def tell_archives(repository_ctx, artifacts, execute):
    """Writes archives.jsonl, with a line for each artifact, and the same line alone to components/FILE.jsonl.

    Args:
      repository_ctx: context of a rule in whose folder pom.xml has the artifacts, and with the attribute `mvn`.
      artifacts: list of what `parse_lock` returns.
      execute: function of repository_ctx and a command, that fails where the command does.
    """
    mvn = repository_ctx.path(repository_ctx.attr.mvn).realpath
    layout = ["copyPom", "addParentPoms", "useRepositoryLayout"]
    execute(repository_ctx, [mvn, "-B", "-q", "-ntp", MAVEN_COPY, "-DoutputDirectory=poms"] + [
        "-Dmdep.%s=true" % name
        for name in layout
    ])
    lines = []
    for each in artifacts:
        line = component(
            hash = "sha256:" + each.sha256,
            licence = _licence(repository_ctx, _pom(each.group, each.artifact, each.version)),
            purl = "pkg:maven/%s/%s@%s%s" % (each.group, each.artifact, each.version, _qualifiers(each)),
        )
        repository_ctx.file("components/%s.jsonl" % each.file, line)
        lines.append(line)
    repository_ctx.delete("poms")
    repository_ctx.file("archives.jsonl", "".join(lines))
