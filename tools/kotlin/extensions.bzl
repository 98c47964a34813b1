"""The module extension of Kotlin: the third-party code. The JDK is Java's."""

load("//tools/java:jvm.bzl", "maven_repo")

def _kotlin_impl(module_ctx):
    maven_repo(
        name = "kotlin_deps",
        layers = {"layer": ["*"]},
        lock = "//kotlin:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
    )

    # What builds and judges, and is in no program.
    maven_repo(
        name = "kotlin_tools",
        filegroups = {
            "compiler": [
                "annotations",
                "kotlin-compiler-embeddable",
                "kotlin-daemon-embeddable",
                "kotlin-reflect",
                "kotlin-script-runtime",
                "kotlin-stdlib",
                "kotlinx-coroutines-core-jvm",
            ],
        },
        lock = "//tools/kotlin:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
        programs = {
            "detekt": "detekt-cli:all",
            "ktlint": "ktlint-cli:all",
            "protoc-gen-grpc-kotlin": "protoc-gen-grpc-kotlin:jdk8",
        },
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["kotlin_deps", "kotlin_tools"],
        root_module_direct_dev_deps = [],
    )

kotlin = module_extension(
    implementation = _kotlin_impl,
    doc = "Makes `@kotlin_deps` (the jars of programs) and `@kotlin_tools` (those of the build).",
)
