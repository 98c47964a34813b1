"""What Kotlin needs of the machine, and what is fetched for it."""

load("@kotlin_deps//:versions.bzl", "MAVEN_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/java:jvm.bzl", "JDK", "MAVEN")

KOTLIN_REQUIRES = requires(
    fetched_by = "Maven",
    grpc = library(
        "grpc-kotlin",
        MAVEN_VERSIONS["grpc-kotlin-stub"],
        note = "over grpc-java " + MAVEN_VERSIONS["grpc-api"],
    ),
    locks = [
        "kotlin/pom.xml",
        "kotlin/maven.lock",
        "tools/kotlin/maven.lock",
    ],
    machine = [
        JDK,
        MAVEN,
    ],
    protobuf = library("protobuf-java", MAVEN_VERSIONS["protobuf-java"]),
    tls_stack = library("jsse", note = "the JDK's"),
    transport = library("okhttp", note = "within grpc-okhttp"),
)
