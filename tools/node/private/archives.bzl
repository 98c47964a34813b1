"""For repository rules: what there is to tell of npm packages."""

load("//tools/implementation:repositories.bzl", "component")

def tell_archives(repository_ctx, lock):
    """Writes archives.jsonl: a line for each package that is installed; those of other platforms are not.

    Args:
      repository_ctx: context of a rule in whose folder npm has installed.
      lock: what is in package-lock.json, decoded.
    """
    lines = []
    for folder, package in lock["packages"].items():
        manifest = repository_ctx.path(folder + "/package.json")
        if not folder or not manifest.exists:
            continue
        manifest = json.decode(repository_ctx.read(manifest))
        lines.append(component(
            hash = package["integrity"],
            licence = manifest.get("license", ""),
            purl = "pkg:npm/%s@%s" % (manifest["name"].replace("@", "%40"), manifest["version"].replace("+", "%2B")),
        ))
    repository_ctx.file("archives.jsonl", "".join(lines))
