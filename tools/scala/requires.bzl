"""What Scala needs of the machine, and what is fetched for it."""

load("@scala_deps//:versions.bzl", "MAVEN_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/java:jvm.bzl", "JDK", "MAVEN")

SCALA_REQUIRES = requires(
    fetched_by = "Maven",
    grpc = library(
        "grpc-java",
        MAVEN_VERSIONS["grpc-api"],
        note = "by the stubs of ScalaPB " + MAVEN_VERSIONS["scalapb-runtime-grpc_3"],
    ),
    locks = [
        "scala/pom.xml",
        "scala/maven.lock",
        "tools/scala/maven.lock",
    ],
    machine = [
        JDK,
        MAVEN,
    ],
    protobuf = library("ScalaPB", MAVEN_VERSIONS["scalapb-runtime_3"], note = "over protobuf-java " + MAVEN_VERSIONS["protobuf-java"]),
    tls_stack = library("boringssl", note = "within netty-tcnative " + MAVEN_VERSIONS["netty-tcnative-classes"]),
    transport = library("netty", MAVEN_VERSIONS["netty-codec-http2"]),
)
