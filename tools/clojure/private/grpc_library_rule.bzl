"""clojure_grpc_library: the generated library for a proto_library, which is Java's."""

load("//tools/java:jvm.bzl", "jvm_grpc_library")
load(":toolchain_type.bzl", "CLOJURE_TOOLCHAIN_TYPE")

clojure_grpc_library = jvm_grpc_library(CLOJURE_TOOLCHAIN_TYPE)
