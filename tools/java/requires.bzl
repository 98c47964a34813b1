"""What Java needs of the machine, and what is fetched for it."""

load("@java_deps//:versions.bzl", "MAVEN_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/java/private:versions.bzl", "JDK", "MAVEN")

JAVA_REQUIRES = requires(
    fetched_by = "Maven",
    grpc = library("grpc-java", MAVEN_VERSIONS["grpc-api"]),
    locks = [
        "java/pom.xml",
        "java/maven.lock",
        "tools/java/maven.lock",
    ],
    machine = [
        JDK,
        MAVEN,
    ],
    protobuf = library("protobuf-java", MAVEN_VERSIONS["protobuf-java"]),
    tls_stack = library("jsse", note = "the JDK's"),
    transport = library("netty", note = "within grpc-netty-shaded"),
)
