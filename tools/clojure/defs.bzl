"""Public names of the Clojure rules."""

load("//tools/clojure/private:grpc_library_rule.bzl", _clojure_grpc_library = "clojure_grpc_library")
load("//tools/clojure/private:toolchain_type.bzl", "CLOJURE_TOOLCHAIN_TYPE")
load("//tools/java:defs.bzl", "JAVA_MISSING")
load("//tools/java:jvm.bzl", "jvm_binary", "jvm_editor", "jvm_library", "jvm_test")

# Why there is no JDK on this machine; empty where there is.
CLOJURE_MISSING = JAVA_MISSING
clojure_binary = jvm_binary(CLOJURE_TOOLCHAIN_TYPE)
clojure_editor = jvm_editor("clojure", ["@clojure_deps//:layer"])
clojure_grpc_library = _clojure_grpc_library
clojure_library = jvm_library(CLOJURE_TOOLCHAIN_TYPE, ".clj")
clojure_test = jvm_test(
    CLOJURE_TOOLCHAIN_TYPE,
    ".clj",
    runner = "//tools/clojure:test_runner",
    runner_class = "stock_test.runner",
)
