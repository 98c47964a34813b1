"""Repository rule that finds the machine's Python and makes a toolchain of it."""

load("//tools/implementation:requirements.bzl", "lacking")
load(":versions.bzl", "PYTHON", "PYTHON_NAMES")

# A command may be a shim or a link, or belong to a virtual environment: the real interpreter says.
# Its digest is of all that another build of the same version has otherwise: the program, its library where it is only
# a front of one, when and how it was compiled, the modules that it brings, and the C library below it. Not of paths,
# nor of what was installed into it.
_PROBE = """\
import hashlib, os, platform, sys, sysconfig
path = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
library = os.path.join(sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or "")
modules = []
for folder, folders, names in os.walk(sysconfig.get_path("stdlib")):
    folders[:] = sorted(set(folders) - {"__pycache__", "dist-packages", "site-packages", "test"})
    modules += [os.path.join(folder, name) for name in sorted(names) if name.endswith((".py", ".so"))]
found = hashlib.sha256(repr([sys.version, platform.libc_ver(path)]).encode())
for name in [path, library, *modules]:
    if os.path.isfile(name):
        found.update(hashlib.sha256(open(name, "rb").read()).digest())
digest = found.hexdigest()
print("%d %d %s %s %s" % (sys.version_info[0], sys.version_info[1], sys.version.split()[0], digest, path))
"""

_BUILD = """\
load("{rules}", "python_toolchain")

package(default_visibility = ["//visibility:public"])

exports_files(["python3"])

python_toolchain(
    name = "python",
    interpreter = "python3",
    interpreter_path = "{path}",
    sha256 = "{sha256}",
    version = "{version}",
)

toolchain(
    name = "toolchain",
    toolchain = ":python",
    toolchain_type = "{toolchain_type}",
)
"""

def _probe(repository_ctx, command):
    """Returns (version, sha256, path) or a string that says why the command will not do."""
    result = repository_ctx.execute([command, "-I", "-S", "-c", _PROBE], timeout = 30)
    if result.return_code:
        return "%s does not run: %s" % (command, result.stderr.strip())
    major, minor, version, sha256, path = result.stdout.strip().split(" ", 4)
    if (int(major), int(minor)) < PYTHON.at_least:
        return "%s is Python %s" % (command, version)
    return (version, sha256, path)

def _find(repository_ctx):
    refused = []
    for name in PYTHON_NAMES:
        command = repository_ctx.which(name)
        if not command:
            continue
        found = _probe(repository_ctx, command)
        if type(found) == "tuple":
            return found
        refused.append(found)
    fail(lacking(PYTHON, "; ".join(refused) or "no python3 on PATH"))

def _python_interpreter_repo_impl(repository_ctx):
    version, sha256, path = _find(repository_ctx)
    repository_ctx.symlink(path, "python3")
    repository_ctx.file("BUILD.bazel", _BUILD.format(
        path = path,
        rules = Label(":python_toolchain.bzl"),
        sha256 = sha256,
        toolchain_type = Label("//tools/python:toolchain_type"),
        version = version,
    ))

python_interpreter_repo = repository_rule(
    implementation = _python_interpreter_repo_impl,
    doc = "The machine's Python: `//:python3` (the real interpreter) and `//:toolchain`. An error without one.",
    environ = ["PATH"],
    local = True,
)
