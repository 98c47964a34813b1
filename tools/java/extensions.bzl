"""The module extension of Java: the machine's JDK and the third-party code."""

load("//tools/java/private:jdk_repo.bzl", "jdk_repo")
load("//tools/java/private:maven_repo.bzl", "maven_repo")

def _java_impl(module_ctx):
    jdk_repo(name = "java")
    maven_repo(
        name = "java_deps",
        layers = {"layer": ["*"]},
        lock = "//java:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
    )

    # What builds and judges, and is in no program.
    maven_repo(
        name = "java_tools",
        filegroups = {
            "error_prone": [
                "auto-*",
                "caffeine",
                "checker-qual",
                "dataflow-*",
                "error_prone_*",
                "failureaccess",
                "google-java-format",
                "guava",
                "j2objc-annotations",
                "java-diff-utils",
                "javax.inject",
                "jspecify",
                "jsr305",
                "listenablefuture",
                "pcollections",
                "protobuf-java",
                "software-and-algorithms",
            ],
            "protoc-gen-grpc-java": ["protoc-gen-grpc-java"],
        },
        layers = {
            "junit": [
                "apiguardian-api",
                "jspecify",
                "junit-*",
                "opentest4j",
            ],
        },
        lock = "//tools/java:maven.lock",
        missing = "@java//:missing.bzl",
        mvn = "@java//:mvn",
        programs = {"google-java-format": "google-java-format:all-deps"},
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["java", "java_deps", "java_tools"],
        root_module_direct_dev_deps = [],
    )

java = module_extension(
    implementation = _java_impl,
    doc = "Makes `@java` (the machine's JDK), `@java_deps` (the jars of programs) and `@java_tools` (those of the build).",
)
