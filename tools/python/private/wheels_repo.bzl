"""Repository rule for the wheels of a hashed requirements lock."""

load(":versions.bzl", "PIP_INSTALL")

def _run(repository_ctx, arguments, what):
    result = repository_ctx.execute(
        arguments,
        environment = {"PYTHONHASHSEED": "0"},
        timeout = 900,
    )
    if result.return_code:
        fail("%s failed:\n%s%s" % (what, result.stdout, result.stderr))
    return result.stdout

def _python_wheels_repo_impl(repository_ctx):
    lock = repository_ctx.path(repository_ctx.attr.lock)
    builder = repository_ctx.path(repository_ctx.attr._builder)
    python = [repository_ctx.path(repository_ctx.attr.interpreter), "-I"]
    if repository_ctx.execute(python + ["-m", "pip", "--version"]).return_code:
        fail("%s has no pip, which fetches the Python packages: %s" % (python[0].realpath, PIP_INSTALL))
    _run(repository_ctx, python + [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-compile",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "--root-user-action=ignore",
        "--target=site",
        "--requirement=%s" % lock,
    ], "pip install of %s" % repository_ctx.attr.lock)
    _run(repository_ctx, python + ["-S", builder, "site"], "writing BUILD files for the wheels")

python_wheels_repo = repository_rule(
    implementation = _python_wheels_repo_impl,
    doc = """One `py_library` for each distribution of the lock, named as the index normalizes names.

All have the same import root. `everything` is all of them, for type checkers. Programs that wheels carry (not Python scripts) are `//bin:NAME`.
""",
    attrs = {
        "interpreter": attr.label(
            doc = "The interpreter to fetch for.",
            mandatory = True,
        ),
        "lock": attr.label(
            doc = "Requirements with hashes of all distributions, direct and indirect.",
            mandatory = True,
        ),
        "_builder": attr.label(default = ":wheels_build.py"),
    },
)
