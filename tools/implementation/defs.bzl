"""Public names of the rules that tell the matrix what implementations there are."""

load("//tools/implementation/private:implementation_info.bzl", _StockImplementationInfo = "StockImplementationInfo")
load("//tools/implementation/private:implementation_rule.bzl", _stock_implementation = "stock_implementation")
load("//tools/implementation/private:manifest_rule.bzl", _implementation_manifest = "implementation_manifest")

StockImplementationInfo = _StockImplementationInfo
implementation_manifest = _implementation_manifest
stock_implementation = _stock_implementation
