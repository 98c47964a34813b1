"""The provider of what editors need to know of a language, and paths as editors know them."""

EditorInfo = provider(
    doc = """What editors need to know of a language.

Places are paths from the workspace's root. In texts and targets of links, `@WORKSPACE@` stands for that root and
`@OUTPUT_BASE@` for Bazel's folder, below which are the repositories of third-party code.
""",
    fields = {
        "copied": "depset of Files and directories that rules make: each is copied to where `editor_path` says.",
        "language": "string: the language's name.",
        "links": "dict of places to what they are links to.",
        "missing": "string: why there is nothing of this language here; empty where there is.",
        "settings": "dict of settings of Visual Studio Code, whose values JSON can say.",
        "texts": "dict of places to Files with what is written there.",
        "unpacked": "dict of places to Files: archives (tar) that are unpacked there.",
    },
)

# Where the workspace keeps, for editors, what rules make. In .gitignore; //tools/ide owns it.
_GENERATED = "generated/"

def _generated_place(path):
    return _GENERATED + path.partition("/bin/")[2]

def editor_path(path):
    """Returns where an editor finds what an action knows by a path.

    Args:
      path: string: of a file or a folder: of a source, in another repository, or made by a rule.

    Returns:
      string.
    """
    if path == ".":
        return "@WORKSPACE@"
    if path.startswith("bazel-out/"):
        return "@WORKSPACE@/" + _generated_place(path)
    if path.startswith("external/"):
        return "@OUTPUT_BASE@/" + path
    return "@WORKSPACE@/" + path

def generated_place(file):
    """Returns where in the workspace a file stands that a rule makes.

    Args:
      file: File.
    """
    return _generated_place(file.path)

def made_by_rules(files):
    """Returns those of some files that are no sources.

    Args:
      files: list of Files.
    """
    return [file for file in files if not file.is_source]

def editor_info(ctx, language, missing = "", copied = [], links = {}, settings = {}, texts = {}, unpacked = {}):
    """Returns the `EditorInfo` of a language.

    Args:
      ctx: context of the rule.
      language: string: the language's name.
      missing: string: why there is nothing of this language here.
      copied: list of Files.
      links: dict of places to what they are links to.
      settings: dict of settings of Visual Studio Code.
      texts: dict of places to strings or Files.
      unpacked: dict of places to Files.

    Returns:
      `EditorInfo`.
    """
    files = {}
    for place, text in texts.items():
        file = text
        if type(text) == "string":
            file = ctx.actions.declare_file("%s/%s" % (ctx.label.name, place))
            ctx.actions.write(file, text)
        files[place] = file
    return EditorInfo(
        copied = depset(copied),
        language = language,
        links = links,
        missing = missing,
        settings = settings,
        texts = files,
        unpacked = unpacked,
    )
