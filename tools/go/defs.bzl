"""Public names of the Go rules."""

load("@go//:missing.bzl", "MISSING")
load("//tools/go/private:binary_rule.bzl", _go_binary = "go_binary")
load("//tools/go/private:editor_rule.bzl", _go_editor = "go_editor")
load("//tools/go/private:grpc_library_rule.bzl", _go_grpc_library = "go_grpc_library")
load("//tools/go/private:library_rule.bzl", _go_library = "go_library")
load("//tools/go/private:lint_test_rule.bzl", _go_lint_test = "go_lint_test")
load("//tools/go/private:package_group_rule.bzl", _go_package_group = "go_package_group")
load("//tools/go/private:test_rule.bzl", _go_test = "go_test")

# Why there is no Go on this machine; empty where there is.
GO_MISSING = MISSING
go_binary = _go_binary
go_editor = _go_editor
go_grpc_library = _go_grpc_library
go_library = _go_library
go_lint_test = _go_lint_test
go_package_group = _go_package_group
go_test = _go_test
