"""What Clojure needs of the machine, and what is fetched for it."""

load("@clojure_deps//:versions.bzl", "MAVEN_VERSIONS")
load("//tools/implementation:requirements.bzl", "library", "requires")
load("//tools/java:jvm.bzl", "JDK", "MAVEN")

CLOJURE_REQUIRES = requires(
    fetched_by = "Maven",
    grpc = library(
        "grpc-java",
        MAVEN_VERSIONS["grpc-api"],
        note = "called from Clojure " + MAVEN_VERSIONS["clojure"],
    ),
    locks = [
        "clojure/pom.xml",
        "clojure/maven.lock",
    ],
    machine = [
        JDK,
        MAVEN,
    ],
    protobuf = library("protobuf-java", MAVEN_VERSIONS["protobuf-java"]),
    tls_stack = library("boringssl", note = "within grpc-netty-shaded"),
    transport = library("netty", note = "within grpc-netty-shaded, over epoll"),
)
