"""Public names of the rules for bills of materials."""

load("//tools/sbom/private:archive_list_rule.bzl", _archive_list = "archive_list")
load("//tools/sbom/private:sbom_rule.bzl", _sbom = "sbom")

archive_list = _archive_list
sbom = _sbom
