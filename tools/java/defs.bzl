"""Public names of the Java rules."""

load("@java//:missing.bzl", "MISSING")
load("//tools/java/private:binary_rule.bzl", _java_binary = "java_binary")
load("//tools/java/private:editor_rule.bzl", "jvm_editor")
load("//tools/java/private:grpc_library_rule.bzl", _java_grpc_library = "java_grpc_library")
load("//tools/java/private:library_rule.bzl", _java_library = "java_library")
load("//tools/java/private:lint_test_rule.bzl", _java_lint_test = "java_lint_test")
load("//tools/java/private:test_rule.bzl", _java_test = "java_test")

# Why there is no JDK on this machine; empty where there is.
JAVA_MISSING = MISSING
java_binary = _java_binary
java_editor = jvm_editor("java", ["@java_deps//:layer", "@java_tools//:junit"])
java_grpc_library = _java_grpc_library
java_library = _java_library
java_lint_test = _java_lint_test
java_test = _java_test
