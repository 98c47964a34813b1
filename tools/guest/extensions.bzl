"""The module extension of the guest: the gRPC library of a server that is none of this tree's languages."""

load("//tools/python:repositories.bzl", "python_wheels_repo")

def _guest_impl(module_ctx):
    python_wheels_repo(
        name = "guest_pip",
        interpreter = "@python//:python3",
        lock = "//tools/guest:requirements.lock",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["guest_pip"],
        root_module_direct_dev_deps = [],
    )

guest = module_extension(
    implementation = _guest_impl,
    doc = "Makes `@guest_pip` (grpclib and h2). Only what depends on `//conformance/guest` fetches it.",
)
