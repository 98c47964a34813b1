"""Public names of the proto rules: the plugin rule, its provider, and the one action."""

load("//tools/proto:providers.bzl", _ProtoPluginInfo = "ProtoPluginInfo")
load("//tools/proto/private:generate.bzl", _PROTO_TOOLCHAIN_TYPE = "PROTO_TOOLCHAIN_TYPE", _generate_sources = "generate_sources")
load("//tools/proto/private:plugin_rule.bzl", _proto_plugin = "proto_plugin")

PROTO_TOOLCHAIN_TYPE = _PROTO_TOOLCHAIN_TYPE
ProtoPluginInfo = _ProtoPluginInfo
generate_sources = _generate_sources
proto_plugin = _proto_plugin
