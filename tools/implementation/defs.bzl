"""Public names of the rules that tell the matrix what implementations there are, and of what programs have of others."""

load("//tools/implementation/private:components_info.bzl", _ComponentsInfo = "ComponentsInfo", _components_info = "components_info")
load("//tools/implementation/private:implementation_info.bzl", _StockImplementationInfo = "StockImplementationInfo")
load("//tools/implementation/private:implementation_rule.bzl", _stock_implementation = "stock_implementation")
load("//tools/implementation/private:manifest_rule.bzl", _implementation_manifest = "implementation_manifest")

ComponentsInfo = _ComponentsInfo
StockImplementationInfo = _StockImplementationInfo
components_info = _components_info
implementation_manifest = _implementation_manifest
stock_implementation = _stock_implementation
