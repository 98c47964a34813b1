"""The module extension of Clojure: the third-party code. The JDK is Java's."""

load("//tools/java:jvm.bzl", "maven_repo")

def _clojure_impl(module_ctx):
    maven_repo(
        name = "clojure_deps",
        # The compiler is part of what programs run with.
        filegroups = {
            "compiler": [
                "clojure",
                "core.specs.alpha",
                "spec.alpha",
            ],
        },
        layers = {"layer": ["*"]},
        lock = "//clojure:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["clojure_deps"],
        root_module_direct_dev_deps = [],
    )

clojure = module_extension(
    implementation = _clojure_impl,
    doc = "Makes `@clojure_deps` (the jars of programs, of which Clojure's compiler is one).",
)
