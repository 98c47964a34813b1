"""Public names of the Node.js rules."""

load("@node//:missing.bzl", "MISSING")
load("//tools/node/private:binary_rule.bzl", _node_binary = "node_binary")
load("//tools/node/private:editor_rule.bzl", _node_editor = "node_editor")
load("//tools/node/private:grpc_library_rule.bzl", _node_grpc_library = "node_grpc_library")
load("//tools/node/private:library_rule.bzl", _node_library = "node_library")
load("//tools/node/private:test_rule.bzl", _node_test = "node_test")

# Why there is no Node.js on this machine; empty where there is.
NODE_MISSING = MISSING
node_binary = _node_binary
node_editor = _node_editor
node_grpc_library = _node_grpc_library
node_library = _node_library
node_test = _node_test
