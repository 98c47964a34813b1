"""Repository rule for the wheels of a hashed requirements lock."""

load("//tools/implementation:requirements.bzl", "lacking")
load(":versions.bzl", "PIP")

def _run(repository_ctx, arguments, what):
    result = repository_ctx.execute(
        arguments,
        environment = {"PYTHONHASHSEED": "0"},
        timeout = 900,
    )
    if result.return_code:
        fail("%s failed:\n%s%s" % (what, result.stdout, result.stderr))
    return result.stdout

def _pip(repository_ctx, python):
    """Returns the start of a command line: the interpreter's own pip, or else Debian's."""
    if not repository_ctx.execute(python + ["-m", "pip", "--version"]).return_code:
        return python + ["-m", "pip"]
    fetched = repository_ctx.execute(
        python + ["-B", "-S", repository_ctx.path(repository_ctx.attr._debian_pip), "debian_pip"],
        timeout = 900,
    )
    if fetched.return_code:
        reason = "%s has none, and Debian's could not be fetched: %s" % (python[0].realpath, fetched.stderr.strip())
        fail(lacking(PIP, reason))
    return python + [fetched.stdout.strip() + "/pip"]

def _versions(lock):
    """Returns the versions in a lock by distribution."""
    lines = [line.split(" ")[0].split("==") for line in lock.split("\n")]
    return {fields[0]: fields[1] for fields in lines if len(fields) == 2}

def _python_wheels_repo_impl(repository_ctx):
    lock = repository_ctx.path(repository_ctx.attr.lock)
    repository_ctx.file("versions.bzl", "WHEEL_VERSIONS = %r\n" % _versions(repository_ctx.read(lock)))
    builder = repository_ctx.path(repository_ctx.attr._builder)
    python = [repository_ctx.path(repository_ctx.attr.interpreter), "-I"]
    _run(repository_ctx, _pip(repository_ctx, python) + [
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-compile",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "--root-user-action=ignore",
        "--report=report.json",
        "--target=site",
        "--requirement=%s" % lock,
    ], "pip install of %s" % repository_ctx.attr.lock)
    repository_ctx.delete("debian_pip")

    # Programs start sooner; pip's own compiling would put times into the files.
    _run(repository_ctx, python + [
        "-S",
        "-m",
        "compileall",
        "-q",
        "--invalidation-mode=unchecked-hash",
        "site",
    ], "compiling the wheels")
    _run(repository_ctx, python + ["-S", builder, "site", "report.json"], "writing BUILD files for the wheels")

python_wheels_repo = repository_rule(
    implementation = _python_wheels_repo_impl,
    doc = """One `py_library` for each distribution of the lock, named as the index normalizes names.

`WHEEL_VERSIONS` of `//:versions.bzl` is a dict of the versions in the lock.

All have the same import root. `everything` is all of them, for type checkers. Programs that wheels carry (not Python scripts) are `//bin:NAME`.
`//:archives` tells of each wheel.
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
        "_debian_pip": attr.label(default = ":debian_pip.py"),
    },
)
