"""jvm_editor: an Eclipse project, which Eclipse, its language server and IntelliJ read."""

load("//tools/implementation:editors.bzl", "EditorInfo", "editor_info", "editor_path")
load(":java_info.bzl", "JvmInfo")
load(":versions.bzl", "JDK")

_CLASSPATH = """\
<?xml version="1.0" encoding="UTF-8"?>
<classpath>
{entries}
</classpath>
"""

_SOURCES = '  <classpathentry kind="src" path="{}"/>'
_JAR = '  <classpathentry kind="lib" path="{}"/>'
_JAR_WITH_SOURCES = '  <classpathentry kind="lib" path="{}" sourcepath="{}"/>'
_CONTAINER = '  <classpathentry kind="con" path="org.eclipse.jdt.launching.JRE_CONTAINER/' + \
             'org.eclipse.jdt.internal.debug.ui.launcher.StandardVMType/JavaSE-{}"/>'
_OUTPUT = '  <classpathentry kind="output" path="{}"/>'

_PROJECT = """\
<?xml version="1.0" encoding="UTF-8"?>
<projectDescription>
  <name>{name}</name>
  <buildSpec>
    <buildCommand>
      <name>org.eclipse.jdt.core.javabuilder</name>
    </buildCommand>
  </buildSpec>
  <natures>
    <nature>org.eclipse.jdt.core.javanature</nature>
  </natures>
  <linkedResources>
{links}
  </linkedResources>
</projectDescription>
"""

# A folder elsewhere as one of the project's.
_LINK = """\
    <link>
      <name>{name}</name>
      <type>2</type>
      <location>{location}</location>
    </link>"""

def _linked(ctx):
    """Returns the project's linked folders: names -> where they are."""
    generated = "@WORKSPACE@/generated/%s/" % ctx.label.package
    names = ["classes"] + ctx.attr.generated_sources.values()
    return {name: generated + name for name in names}

def _jars(ctx):
    """Returns (lines of a classpath, Files)."""
    lines, files = [], []
    for library in ctx.attr.libraries:
        sources = library[OutputGroupInfo].generated_sources.to_list()
        own = library[JvmInfo].jars.to_list()
        files += own + sources
        lines += [_JAR_WITH_SOURCES.format(editor_path(jar.path), editor_path(sources[0].path)) for jar in own]
    jars = depset(transitive = [layer[JvmInfo].jars for layer in ctx.attr.layers]).to_list()
    return lines + [_JAR.format(editor_path(jar.path)) for jar in jars], files + jars

def _editor_impl(ctx):
    if ctx.attr.missing:
        return [editor_info(ctx, ctx.attr.language, missing = ctx.attr.missing)]
    package = ctx.label.package
    links = _linked(ctx)
    jars, files = _jars(ctx)
    folders = ctx.attr.source_folders + ctx.attr.generated_sources.values()
    entries = [_SOURCES.format(folder) for folder in folders] + jars
    entries += [_CONTAINER.format(JDK.at_least[0]), _OUTPUT.format("classes")]
    return [editor_info(
        ctx,
        ctx.attr.language,
        copied = files + ctx.files.generated_sources,
        # The pom.xml files only say what third-party code is fetched.
        settings = {"java.import.maven.enabled": False},
        texts = {
            package + "/.classpath": _CLASSPATH.format(entries = "\n".join(entries)),
            package + "/.project": _PROJECT.format(
                links = "\n".join([_LINK.format(location = place, name = name) for name, place in links.items()]),
                name = "stock-" + package,
            ),
        },
    )]

_editor = rule(
    implementation = _editor_impl,
    doc = "Tells editors where generated code is; the macro says more.",
    attrs = {
        "generated_sources": attr.label_keyed_string_dict(
            doc = "Sources that rules make, and the folders of their packages.",
            allow_files = True,
        ),
        "language": attr.string(
            doc = "The language, as its folder is called.",
            mandatory = True,
        ),
        "layers": attr.label_list(
            doc = "Third-party code.",
            providers = [JvmInfo],
        ),
        "libraries": attr.label_list(
            doc = "Generated libraries.",
            providers = [JvmInfo],
        ),
        "missing": attr.string(
            doc = "Why the language cannot be compiled here.",
        ),
        "source_folders": attr.string_list(
            doc = "Folders of the sources' packages.",
        ),
    },
    provides = [EditorInfo],
)

# buildifier: disable=unnamed-macro (it makes one)
def jvm_editor(language, layers):
    """Makes the macro that tells editors of a language; `jvm.bzl` gives it to the others.

    Args:
      language: string: the language, as its folder is called.
      layers: list of labels: its third-party code.

    Returns:
      a function: the macro `<language>_editor`.
    """

    def editor(name, libraries, generated_sources, source_folders, missing = "", **kwargs):
        """Tells editors where generated and third-party code are: a `.classpath` and a `.project` of Eclipse.

        A macro, as `stock_implementation` is: it names nothing that is missing.

        Args:
          name: string: the target's name, `editor`.
          libraries: list of labels of generated libraries.
          generated_sources: dict of labels of sources that rules make, to the folders of their packages.
          source_folders: list of strings: the folders of the sources' packages.
          missing: string: why the language cannot be compiled here, as its `defs.bzl` tells it.
          **kwargs: attributes that all rules have.
        """
        _editor(
            name = name,
            generated_sources = {} if missing else generated_sources,
            language = language,
            layers = [] if missing else layers,
            libraries = [] if missing else libraries,
            missing = missing,
            source_folders = source_folders,
            **kwargs
        )

    return editor
