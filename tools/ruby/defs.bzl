"""Public names of the Ruby rules."""

load("@ruby_deps//:missing.bzl", "MISSING")
load("@ruby_tools//:missing.bzl", _TOOLS_MISSING = "MISSING")
load("//tools/ruby/private:binary_rule.bzl", _ruby_binary = "ruby_binary")
load("//tools/ruby/private:editor_rule.bzl", _ruby_editor = "ruby_editor")
load("//tools/ruby/private:grpc_library_rule.bzl", _ruby_grpc_library = "ruby_grpc_library")
load("//tools/ruby/private:library_rule.bzl", _ruby_library = "ruby_library")
load("//tools/ruby/private:test_rule.bzl", _ruby_test = "ruby_test")

# Why there is no Ruby for this machine; empty where there is.
RUBY_MISSING = MISSING

# Why RuboCop cannot run on this machine; empty where it can.
RUBY_TOOLS_MISSING = _TOOLS_MISSING
ruby_binary = _ruby_binary
ruby_editor = _ruby_editor
ruby_grpc_library = _ruby_grpc_library
ruby_library = _ruby_library
ruby_test = _ruby_test
