"""Public names of the Rust rules."""

load("@rust//:missing.bzl", "MISSING")
load("//tools/rust/private:binary_rule.bzl", _rust_binary = "rust_binary")
load("//tools/rust/private:clippy_test_rule.bzl", _rust_clippy_test = "rust_clippy_test")
load("//tools/rust/private:editor_rule.bzl", _rust_editor = "rust_editor")
load("//tools/rust/private:grpc_library_rule.bzl", _rust_grpc_library = "rust_grpc_library")
load("//tools/rust/private:library_rule.bzl", _rust_library = "rust_library")
load("//tools/rust/private:test_rule.bzl", _rust_test = "rust_test")

# Why there is no Rust on this machine; empty where there is.
RUST_MISSING = MISSING
rust_binary = _rust_binary
rust_clippy_test = _rust_clippy_test
rust_editor = _rust_editor
rust_grpc_library = _rust_grpc_library
rust_library = _rust_library
rust_test = _rust_test
