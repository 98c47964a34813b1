"""Public names of the C# rules."""

load("@dotnet//:missing.bzl", "MISSING")
load("//tools/csharp/private:analyzers_test_rule.bzl", _csharp_analyzers_test = "csharp_analyzers_test")
load("//tools/csharp/private:binary_rule.bzl", _csharp_binary = "csharp_binary")
load("//tools/csharp/private:editor_rule.bzl", _csharp_editor = "csharp_editor")
load("//tools/csharp/private:grpc_library_rule.bzl", _csharp_grpc_library = "csharp_grpc_library")
load("//tools/csharp/private:library_rule.bzl", _csharp_library = "csharp_library")
load("//tools/csharp/private:test_rule.bzl", _csharp_test = "csharp_test")

# Why there is no .NET on this machine; empty where there is.
CSHARP_MISSING = MISSING
csharp_analyzers_test = _csharp_analyzers_test
csharp_binary = _csharp_binary
csharp_editor = _csharp_editor
csharp_grpc_library = _csharp_grpc_library
csharp_library = _csharp_library
csharp_test = _csharp_test
