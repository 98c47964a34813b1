"""cpp_library, cpp_binary and cpp_test: Bazel's own C++ rules with our flags.

Macros, since the rules are native, and a compiler that is missing must be known before Bazel looks for it:
a target that only depends on what is incompatible is an error there.
"""

load("@cpp_deps//:missing.bzl", "MISSING")
load("//tools/implementation:repositories.bzl", "constraint_name")
load(":versions.bzl", "MACHINE_COPTS")

_COPTS = [
    "-std=c++20",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wshadow",
    "-Wnon-virtual-dtor",
    # Of designated initializers too, where every member has a default.
    "-Wno-missing-field-initializers",
    "-Werror",
]

def _common(attributes):
    attributes["copts"] = _COPTS + MACHINE_COPTS + attributes.pop("copts", [])
    attributes["deps"] = attributes.pop("deps", []) + ["@cpp//:compiler"]
    if MISSING:
        attributes["target_compatible_with"] = ["@cpp_deps//:" + constraint_name(MISSING)]
    return attributes

def cpp_library(name, **kwargs):
    """A C++20 library, warnings as errors.

    Args:
      name: string: the target's name.
      **kwargs: attributes of `cc_library`.
    """
    native.cc_library(name = name, **_common(kwargs))

def cpp_binary(name, **kwargs):
    """A C++20 program, linked statically but for the C and C++ runtime.

    Args:
      name: string: the target's name.
      **kwargs: attributes of `cc_binary`.
    """
    native.cc_binary(name = name, **_common(kwargs))

def cpp_test(name, deps, **kwargs):
    """Tests with GoogleTest and its `main`.

    Args:
      name: string: the target's name.
      deps: list of labels: libraries; GoogleTest comes of itself.
      **kwargs: attributes of `cc_test`.
    """
    native.cc_test(
        name = name,
        linkstatic = True,
        **_common(kwargs | {"deps": deps + ["@cpp_deps//:gtest"]})
    )
