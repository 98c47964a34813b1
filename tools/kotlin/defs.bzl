"""Public names of the Kotlin rules."""

load("//tools/java:defs.bzl", "JAVA_MISSING")
load("//tools/java:jvm.bzl", "jvm_binary", "jvm_editor", "jvm_library", "jvm_test")
load("//tools/kotlin/private:grpc_library_rule.bzl", _kotlin_grpc_library = "kotlin_grpc_library")
load("//tools/kotlin/private:lint_test_rule.bzl", _kotlin_lint_test = "kotlin_lint_test")
load("//tools/kotlin/private:toolchain_type.bzl", "KOTLIN_TOOLCHAIN_TYPE")

# Why there is no JDK on this machine; empty where there is.
KOTLIN_MISSING = JAVA_MISSING
kotlin_binary = jvm_binary(KOTLIN_TOOLCHAIN_TYPE)
kotlin_editor = jvm_editor("kotlin", ["@kotlin_deps//:layer", "@java_tools//:junit"])
kotlin_grpc_library = _kotlin_grpc_library
kotlin_library = jvm_library(KOTLIN_TOOLCHAIN_TYPE, ".kt")
kotlin_lint_test = _kotlin_lint_test
kotlin_test = jvm_test(KOTLIN_TOOLCHAIN_TYPE, ".kt")
