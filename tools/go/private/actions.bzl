"""The actions of the Go rules: one function for each verb of the builder."""

load(":go_toolchain.bzl", "GO_TOOLCHAIN_TYPE")

def _archive(package):
    return "%s=%s" % (package.importpath, package.archive.path)

def _arguments(ctx, verb, deps):
    toolchain = ctx.toolchains[GO_TOOLCHAIN_TYPE]
    args = ctx.actions.args()
    args.use_param_file("@%s")
    args.set_param_file_format("multiline")
    args.add(verb)
    args.add("-go", toolchain.sdk[0])
    args.add_all("-layer", [toolchain.layer.archives], expand_directories = False)
    args.add("-lang", toolchain.layer.lang)
    args.add("-module", toolchain.layer.module)
    if ctx.var["COMPILATION_MODE"] == "dbg":
        args.add("-debug")
    args.add_all([package for dep in deps for package in dep.direct], before_each = "-dep", map_each = _archive)
    return args

def _add_linked(ctx, args, packages, definitions):
    for name, value in definitions.items():
        # A file of parameters has a line for each.
        if "\n" in value:
            fail("x_defs of %s: given %r for %s, expected a value of one line" % (ctx.label, value, name))
    args.add_all(packages, before_each = "-transitive", map_each = _archive)
    args.add_all(["%s=%s" % definition for definition in definitions.items()], before_each = "-x")

def _add_unit(args, flag, package):
    args.add(flag, package.archive or "", format = package.importpath + "=%s")
    args.add_all(package.srcs, before_each = "-src")

def _run(ctx, args, inputs, outputs, mnemonic, verb):
    toolchain = ctx.toolchains[GO_TOOLCHAIN_TYPE]
    ctx.actions.run(
        executable = toolchain.builder,
        arguments = [args],
        inputs = depset([toolchain.layer.archives], transitive = inputs),
        tools = toolchain.sdk,
        outputs = outputs,
        mnemonic = mnemonic,
        progress_message = verb + " Go %{label}",
        toolchain = GO_TOOLCHAIN_TYPE,
    )

def _archives(packages):
    return depset([package.archive for package in packages])

def _linked(ctx, deps):
    """Returns the packages below some, each import path once."""
    packages = packages_below(deps).to_list()
    found = {}
    for package in packages:
        other = found.setdefault(package.importpath, package)
        if other != package:
            fail("deps of %s: given %s and %s, which are both of the import path %s, expected one of them" % (
                ctx.label,
                other.archive.owner,
                package.archive.owner,
                package.importpath,
            ))
    return packages

def packages_below(deps):
    """Returns the packages of this module that a program over `deps`, a list of `GoInfo`, is linked from."""
    return depset(transitive = [dep.packages for dep in deps])

def compile_packages(ctx, packages, deps):
    """Compiles packages, which may import each other.

    Args:
      ctx: context of a rule with the Go toolchain.
      packages: list of struct(importpath, archive, srcs): `archive` is made of `srcs`.
      deps: list of `GoInfo`.
    """
    args = _arguments(ctx, "compile", deps)
    for package in packages:
        _add_unit(args, "-package", package)
    direct = [package for dep in deps for package in dep.direct]
    _run(
        ctx,
        args,
        inputs = [_archives(direct)] + [depset(package.srcs) for package in packages],
        outputs = [package.archive for package in packages],
        mnemonic = "GoCompile",
        verb = "Compiling",
    )

def link_program(ctx, srcs, deps, definitions, out):
    """Makes a program of the sources of a package main.

    Args:
      ctx: context of a rule with the Go toolchain.
      srcs: list of files.
      deps: list of `GoInfo`.
      definitions: dict of string variables, `IMPORTPATH.NAME`, to their values.
      out: the program.
    """
    packages = _linked(ctx, deps)
    args = _arguments(ctx, "link", deps)
    _add_linked(ctx, args, packages, definitions)
    args.add("-o", out)
    args.add_all(srcs)
    _run(ctx, args, [_archives(packages), depset(srcs)], [out], "GoLink", "Linking")

def link_test(ctx, library, srcs, deps, definitions, directory, outputs):
    """Makes a program that runs tests.

    Args:
      ctx: context of a rule with the Go toolchain.
      library: `GoSourcesInfo` of the package under test.
      srcs: list of files with tests.
      deps: list of `GoInfo`: what `library` and `srcs` import.
      definitions: dict of string variables, `IMPORTPATH.NAME`, to their values.
      directory: string: the folder of the sources in the runfiles.
      outputs: struct(program, archive): the program, and the package under test as it is in it.
    """
    packages = _linked(ctx, deps)
    args = _arguments(ctx, "test", deps)
    _add_linked(ctx, args, packages, definitions)
    args.add("-importpath", library.importpath)
    args.add("-directory", directory)
    args.add("-archive", outputs.archive)
    args.add("-o", outputs.program)
    if library.archive:
        args.add("-library", library.archive)
    args.add_all(library.srcs, before_each = "-librarysrc")
    args.add_all(srcs)
    inputs = [_archives(packages), depset(library.srcs + srcs + ([library.archive] if library.archive else []))]
    _run(ctx, args, inputs, [outputs.program, outputs.archive], "GoLinkTest", "Linking the test")

def lint_packages(ctx, packages, deps, staticcheck, report):
    """Writes down what a linter finds in packages and their tests.

    Args:
      ctx: context of a rule with the Go toolchain.
      packages: list of struct(importpath, archive, srcs): `srcs` with the tests, `archive` of those that are of the
        package itself; None for a program.
      deps: list of `GoInfo`: what they import.
      staticcheck: the program; None where vet is the linter.
      report: the file to write, empty where nothing is found.
    """
    toolchain = ctx.toolchains[GO_TOOLCHAIN_TYPE]
    layer = toolchain.layer
    below = packages_below(deps).to_list()
    args = _arguments(ctx, "lint", [])
    for package in below:
        _add_unit(args, "-package", package)
    for package in packages:
        _add_unit(args, "-unit", package)
    args.add("-report", report)
    inputs = [_archives(below)] + [depset(package.srcs) for package in below]
    inputs += [depset(package.srcs + ([package.archive] if package.archive else [])) for package in packages]
    if staticcheck:
        args.add("-staticcheck", staticcheck)
        args.add("-index", layer.index)
        args.add("-root", layer.root)
        inputs.append(depset([layer.index, staticcheck] + layer.srcs + toolchain.std))
    _run(ctx, args, inputs, [report], "GoStaticcheck" if staticcheck else "GoVet", "Linting")
