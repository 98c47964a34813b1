"""Public names for repository rules: what a toolchain is, what to do about one that the machine may lack, and lines about third-party archives."""

load("//tools/implementation/private:c_toolchain.bzl", _c_toolchain_fingerprint = "c_toolchain_fingerprint")
load("//tools/implementation/private:components_info.bzl", _component = "component")
load(
    "//tools/implementation/private:missing_toolchain.bzl",
    _HIDE_TOOLCHAINS = "HIDE_TOOLCHAINS",
    _constraint_name = "constraint_name",
    _missing_toolchain = "missing_toolchain",
    _toolchain_is_hidden = "toolchain_is_hidden",
    _write_found_toolchain = "write_found_toolchain",
    _write_missing_toolchain = "write_missing_toolchain",
)

HIDE_TOOLCHAINS = _HIDE_TOOLCHAINS
c_toolchain_fingerprint = _c_toolchain_fingerprint
component = _component
constraint_name = _constraint_name
missing_toolchain = _missing_toolchain
toolchain_is_hidden = _toolchain_is_hidden
write_found_toolchain = _write_found_toolchain
write_missing_toolchain = _write_missing_toolchain
