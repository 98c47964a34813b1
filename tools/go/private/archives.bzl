"""For repository rules: what there is to tell of vendored modules."""

load("//tools/implementation:repositories.bzl", "component")

# What a module's licence is called, but for its suffix.
_LICENCES = ["COPYING", "LICENCE", "LICENSE"]

def _licence_text(repository_ctx, module):
    """Returns the text of the licence of a vendored module; a module inside another may have that of the other."""
    folder = repository_ctx.path("vendor/" + module)
    for _ in module.split("/"):
        for file in folder.readdir() if folder.exists else []:
            if file.basename.split(".")[0] in _LICENCES:
                return repository_ctx.read(file)
        folder = folder.dirname
    return ""

def tell_archives(repository_ctx):
    """Writes archives.jsonl: a line for each module of which something is vendored.

    Args:
      repository_ctx: context of a rule in whose folder go.sum and `vendor` stand.
    """
    sums = {}
    for line in repository_ctx.read("go.sum").split("\n"):
        name, _, sum = line.rpartition(" h1:")
        sums[name] = sum
    lines = []
    for line in repository_ctx.read("vendor/modules.txt").split("\n"):
        if not line.startswith("# "):
            continue
        module, version = line.split(" ")[1:3]
        lines.append(component(
            # What is hashed is the list of the module's files; go.sum has no digest of the zip itself.
            hash = "sha256-" + sums["%s %s" % (module, version)],
            licence_text = _licence_text(repository_ctx, module),
            purl = "pkg:golang/%s@%s" % (module, version.replace("+", "%2B")),
        ))
    repository_ctx.file("archives.jsonl", "".join(lines))
