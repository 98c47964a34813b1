"""Public names of what is put together for editors."""

load("//tools/ide/private:editors_rule.bzl", _editors_manifest = "editors_manifest")

editors_manifest = _editors_manifest
