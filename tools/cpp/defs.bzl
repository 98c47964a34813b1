"""Public names of the C++ rules."""

load("@cpp_deps//:missing.bzl", "MISSING")
load("@cpp_tools//:missing.bzl", _TOOLS_MISSING = "MISSING")
load("//tools/cpp/private:cc_targets.bzl", _cpp_binary = "cpp_binary", _cpp_library = "cpp_library", _cpp_test = "cpp_test")
load("//tools/cpp/private:editor_rule.bzl", _cpp_editor = "cpp_editor")
load("//tools/cpp/private:grpc_library_rule.bzl", _cpp_grpc_library = "cpp_grpc_library")
load("//tools/cpp/private:tidy_test_rule.bzl", _cpp_tidy_test = "cpp_tidy_test")

# Why there is no C++ on this machine; empty where there is.
CPP_MISSING = MISSING

# Why clang-format and clang-tidy cannot run on this machine; empty where they can.
CPP_TOOLS_MISSING = _TOOLS_MISSING
cpp_binary = _cpp_binary
cpp_editor = _cpp_editor
cpp_grpc_library = _cpp_grpc_library
cpp_library = _cpp_library
cpp_test = _cpp_test
cpp_tidy_test = _cpp_tidy_test
