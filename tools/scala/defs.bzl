"""Public names of the Scala rules."""

load("//tools/java:defs.bzl", "JAVA_MISSING")
load("//tools/java:jvm.bzl", "jvm_binary", "jvm_editor", "jvm_library", "jvm_test")
load("//tools/scala/private:grpc_library_rule.bzl", _scala_grpc_library = "scala_grpc_library")
load("//tools/scala/private:toolchain_type.bzl", "SCALA_TOOLCHAIN_TYPE")

# Why there is no JDK on this machine; empty where there is.
SCALA_MISSING = JAVA_MISSING
scala_binary = jvm_binary(SCALA_TOOLCHAIN_TYPE)
scala_editor = jvm_editor("scala", ["@scala_deps//:layer", "@scala_tools//:munit"])
scala_grpc_library = _scala_grpc_library
scala_library = jvm_library(SCALA_TOOLCHAIN_TYPE, ".scala")
scala_test = jvm_test(SCALA_TOOLCHAIN_TYPE, ".scala", frameworks = ["@scala_tools//:munit"])
