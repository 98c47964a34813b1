"""scala_editor: a project that IntelliJ imports, as it does Java's."""

load("//tools/java:jvm.bzl", "jvm_editor")

def scala_editor(name, libraries, generated_sources, source_folders, missing = "", **kwargs):
    """Tells editors where generated Scala and third-party code are: a `.classpath` and a `.project` of Eclipse.

    A macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      libraries: list of labels of `scala_grpc_library`.
      generated_sources: dict of labels of sources that rules make, to the folders of their packages.
      source_folders: list of strings: the folders of the sources' packages.
      missing: string: `SCALA_MISSING`.
      **kwargs: attributes that all rules have.
    """
    jvm_editor(
        name = name,
        generated_sources = generated_sources,
        language = "scala",
        layers = ["@scala_deps//:layer", "@scala_tools//:munit"],
        libraries = libraries,
        missing = missing,
        source_folders = source_folders,
        **kwargs
    )
