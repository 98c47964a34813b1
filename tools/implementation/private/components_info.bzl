"""The provider of what a program has of others, and the lines that tell it."""

ComponentsInfo = provider(
    doc = "The third-party components that are in a program, or in a library for programs.",
    fields = {
        "files": "depset of Files with a component a line, as `component` writes it.",
    },
)

def components_info(files, targets):
    """Returns the `ComponentsInfo` of some files and of all that some targets have.

    Args:
      files: list of Files with a component a line.
      targets: list of targets, with `ComponentsInfo` or without.
    """
    below = [target[ComponentsInfo].files for target in targets if ComponentsInfo in target]
    return ComponentsInfo(files = depset(files, transitive = below))

def component(purl, hash, licence = "", licence_text = ""):
    """Returns a line that tells of a third-party archive; for repository rules.

    Args:
      purl: string: its package URL, with type, name and version.
      hash: string: what the lock says of it: `sha256:HEX`, or `sha256-BASE64` and the like as the Web's
        Subresource Integrity writes it.
      licence: string: what the archive itself says of its licence, an SPDX expression or a name.
      licence_text: string: the text of its licence, where the archive says no more.
    """
    return json.encode({
        "hash": hash,
        "licence": licence,
        "licence_text": licence_text,
        "purl": purl,
    }) + "\n"
