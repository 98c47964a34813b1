"""clojure_editor: a project that IntelliJ with Cursive and Eclipse import, as Java's."""

load("//tools/java:jvm.bzl", "jvm_editor")

def clojure_editor(name, libraries, generated_sources, source_folders, missing = "", **kwargs):
    """Tells editors where generated classes and third-party code are: a `.classpath` and a `.project` of Eclipse.

    A macro, as `stock_implementation` is.

    Args:
      name: string: the target's name, `editor`.
      libraries: list of labels of `clojure_grpc_library`.
      generated_sources: dict of labels of sources that rules make, to the folders of their namespaces.
      source_folders: list of strings: the folders of the sources' namespaces.
      missing: string: `CLOJURE_MISSING`.
      **kwargs: attributes that all rules have.
    """
    jvm_editor(
        name = name,
        generated_sources = generated_sources,
        language = "clojure",
        layers = ["@clojure_deps//:layer"],
        libraries = libraries,
        missing = missing,
        source_folders = source_folders,
        **kwargs
    )
