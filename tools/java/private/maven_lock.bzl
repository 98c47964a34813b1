"""The lock of Maven artifacts, and the pom.xml that fetches just these."""

_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lock</groupId>
  <artifactId>lock</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>{dependencies}</dependencies>
</project>
"""

# What an artifact depends on is in the lock itself.
_DEPENDENCY = """
    <dependency>
      <groupId>{group}</groupId>
      <artifactId>{artifact}</artifactId>
      <version>{version}</version>
      <type>{type}</type>
      <classifier>{classifier}</classifier>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
"""

def _parse(line, lock):
    """Returns the artifact that a line of a lock names: `GROUP:ARTIFACT:VERSION[:TYPE:CLASSIFIER] SHA256`."""
    coordinates, _, sha256 = line.partition(" ")
    parts = coordinates.split(":")
    if len(parts) not in (3, 5) or len(sha256) != 64:
        fail("%s: given %r, expected GROUP:ARTIFACT:VERSION[:TYPE:CLASSIFIER] SHA256" % (lock, line))
    group, artifact, version = parts[:3]
    type, classifier = parts[3:] if len(parts) == 5 else ("jar", "")
    suffix = "-" + classifier if classifier else ""
    return struct(
        artifact = artifact,
        classifier = classifier,
        file = "%s-%s%s.%s" % (artifact, version, suffix, type),
        group = group,
        name = artifact + ":" + classifier if classifier and type == "jar" else artifact,
        sha256 = sha256,
        type = type,
        version = version,
    )

def parse_lock(text, lock):
    """Returns the artifacts of a lock.

    Args:
      text: what is in the lock.
      lock: label of the lock, for errors.

    Returns:
      list of struct(artifact, classifier, file, group, name, sha256, type, version), of which `name` is the
      artifact's, with `:CLASSIFIER` where a jar has one.
    """
    return [_parse(line, lock) for line in text.split("\n") if line and not line.startswith("#")]

def pom_of(artifacts):
    """Returns a pom.xml that depends on artifacts, and on nothing that they depend on.

    Args:
      artifacts: list of what `parse_lock` returns.
    """
    return _POM.format(dependencies = "".join([
        _DEPENDENCY.format(
            artifact = each.artifact,
            classifier = each.classifier,
            group = each.group,
            type = each.type,
            version = each.version,
        )
        for each in artifacts
    ]))
