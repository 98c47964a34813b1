"""The module extension of Python: its interpreter and its third-party code."""

load("//tools/python/private:interpreter_repo.bzl", "python_interpreter_repo")
load("//tools/python/private:wheels_repo.bzl", "python_wheels_repo")

def _python_impl(module_ctx):
    python_interpreter_repo(name = "python")
    python_wheels_repo(
        name = "pip",
        interpreter = "@python//:python3",
        lock = "//tools/python:requirements.lock",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["pip", "python"],
        root_module_direct_dev_deps = [],
    )

python = module_extension(
    implementation = _python_impl,
    doc = "Makes `@python` (the machine's interpreter as toolchain) and `@pip` (the wheels of the lock).",
)
