"""The module extension of Scala: the third-party code. The JDK is Java's."""

load("//tools/java:jvm.bzl", "maven_repo")

def _scala_impl(module_ctx):
    maven_repo(
        name = "scala_deps",
        layers = {"layer": ["*"]},
        lock = "//scala:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
    )

    # What builds, tests and judges, and is in no program.
    maven_repo(
        name = "scala_tools",
        filegroups = {
            "compiler": [
                "compiler-interface",
                "scala-asm",
                "scala-library",
                "scala3-*",
                "tasty-core_3",
                "util-interface",
            ],
            "protoc-gen-scala": ["protoc-gen-scala"],
        },
        layers = {
            "munit": [
                "hamcrest-core",
                "junit",
                "junit-interface",
                "junit-vintage-engine",
                "munit*",
                "test-interface",
            ],
            "scalafmt_layer": [
                "common_2.13",
                "config",
                "diffutils",
                "fansi_2.13",
                "interface",
                "jline",
                "jna",
                "mdoc-parser_2.13",
                "metaconfig-core_2.13",
                "metaconfig-pprint_2.13",
                "metaconfig-typesafe-config_2.13",
                "nailgun-server",
                "paiges-core_2.13",
                "parsers_2.13",
                "scala-collection-compat_2.13",
                "scala-compiler",
                "scala-library",
                "scala-parallel-collections_2.13",
                "scala-reflect",
                "scalafmt-cli_2.13",
                "scalafmt-config_2.13",
                "scalafmt-core_2.13",
                "scalafmt-dynamic_2.13",
                "scalafmt-interfaces",
                "scalafmt-sysops_2.13",
                "scalameta_2.13",
                "scopt_2.13",
                "sourcecode_2.13",
                "svm-subs",
                "trees_2.13",
            ],
        },
        lock = "//tools/scala:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["scala_deps", "scala_tools"],
        root_module_direct_dev_deps = [],
    )

scala = module_extension(
    implementation = _scala_impl,
    doc = "Makes `@scala_deps` (the jars of programs) and `@scala_tools` (those of the build).",
)
