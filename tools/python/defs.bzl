"""Public names of the Python rules."""

load("//tools/python/private:binary_rule.bzl", _py_binary = "py_binary", _py_test = "py_test")
load("//tools/python/private:editor_rule.bzl", _py_editor = "py_editor")
load("//tools/python/private:grpc_library_rule.bzl", _py_grpc_library = "py_grpc_library")
load("//tools/python/private:library_rule.bzl", _py_library = "py_library")
load("//tools/python/private:pytest_test_rule.bzl", _py_pytest_test = "py_pytest_test")
load("//tools/python/private:wheel_rule.bzl", _py_wheel = "py_wheel")

py_binary = _py_binary
py_editor = _py_editor
py_grpc_library = _py_grpc_library
py_library = _py_library
py_pytest_test = _py_pytest_test
py_test = _py_test
py_wheel = _py_wheel
