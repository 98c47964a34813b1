"""The module extension of the browser: Debian's Chromium, and what drives it."""

load("//tools/debian:repositories.bzl", "debian_packages_repo")
load("//tools/python:repositories.bzl", "python_wheels_repo")

def _browser_impl(module_ctx):
    debian_packages_repo(
        name = "chromium",
        build_file = "//tools/browser/private:chromium.BUILD",
        lock = "//tools/browser:packages.lock",
        targets = ["chromium"],
    )
    python_wheels_repo(
        name = "browser_pip",
        interpreter = "@python//:python3",
        lock = "//tools/browser:requirements.lock",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["browser_pip", "chromium"],
        root_module_direct_dev_deps = [],
    )

browser = module_extension(
    implementation = _browser_impl,
    doc = """Makes `@chromium` (Chromium without a window, from Debian) and `@browser_pip` (Playwright and axe-core).

They are large, 117 MB and 54 MB, and apart from everything else: only what tests a page fetches them.""",
)
