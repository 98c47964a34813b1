"""The module extension of TofuSoup: the published packages that Stock is tested with."""

load("//tools/python:repositories.bzl", "python_wheels_repo")

def _tofusoup_impl(module_ctx):
    python_wheels_repo(
        name = "tofusoup_pip",
        interpreter = "@python//:python3",
        lock = "//tools/tofusoup:requirements.lock",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["tofusoup_pip"],
        root_module_direct_dev_deps = [],
    )

tofusoup = module_extension(
    implementation = _tofusoup_impl,
    doc = """Makes `@tofusoup_pip`: TofuSoup, pyvider and all that they need, by a lock of their own.

A set apart from `@pip`, with an import root of its own: only programs of //soup/tofusoup have it, never one of ours.""",
)
