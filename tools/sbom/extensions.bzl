"""The module extension of the bills of materials: the library that makes them."""

load("//tools/python:repositories.bzl", "python_wheels_repo")

def _sbom_impl(module_ctx):
    python_wheels_repo(
        name = "sbom_pip",
        interpreter = "@python//:python3",
        lock = "//tools/sbom:requirements.lock",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["sbom_pip"],
        root_module_direct_dev_deps = [],
    )

sbom = module_extension(
    implementation = _sbom_impl,
    doc = "Makes `@sbom_pip` (CycloneDX's models, and orders of versions). Only what depends on `//tools/sbom` fetches it.",
)
