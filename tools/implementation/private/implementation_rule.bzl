"""stock_implementation: declares the two programs of a language."""

load(":implementation_info.bzl", "StockImplementationInfo")

def _stock_implementation_impl(ctx):
    programs = [target for target in (ctx.attr.server, ctx.attr.client) if target]
    if not ctx.attr.missing and len(programs) < 2:
        fail("%s: given missing = \"\", expected server and client" % ctx.label)
    files = [ctx.file.known_failing] if programs else []
    return [
        DefaultInfo(
            files = depset([program[DefaultInfo].files_to_run.executable for program in programs]),
            runfiles = ctx.runfiles(files = files).merge_all(
                [program[DefaultInfo].default_runfiles for program in programs],
            ),
        ),
        StockImplementationInfo(
            client = ctx.executable.client,
            known_failing = files[0] if files else None,
            language = ctx.attr.language,
            missing = ctx.attr.missing,
            requires = ctx.attr.requires,
            server = ctx.executable.server,
        ),
    ]

_stock_implementation = rule(
    implementation = _stock_implementation_impl,
    doc = "Declares the two programs of a language; the macro of this name says more.",
    attrs = {
        "client": attr.label(
            doc = "The client program.",
            executable = True,
            cfg = "target",
        ),
        "known_failing": attr.label(
            doc = "The list of known failures.",
            allow_single_file = [".toml"],
            mandatory = True,
        ),
        "language": attr.string(
            doc = "The language's name.",
            mandatory = True,
        ),
        "missing": attr.string(
            doc = "Why the programs cannot be built here.",
        ),
        "requires": attr.string(
            doc = "What the language needs of the machine and what is fetched for it, as JSON.",
            mandatory = True,
        ),
        "server": attr.label(
            doc = "The server program.",
            executable = True,
            cfg = "target",
        ),
    },
    provides = [StockImplementationInfo],
)

def stock_implementation(name, language, server, client, known_failing, requires, missing = "", **kwargs):
    """Declares the two programs of a language.

    A macro, since what depends on programs that cannot be built here is skipped, and this target must
    stay: by it the matrix knows the language, and why it is not run.

    Args:
      name: string: the target's name, `implementation`.
      language: string: the language's name, as in the names of permutations.
      server: label of the server program.
      client: label of the client program.
      known_failing: label of the list of known failures, `known_failing.toml`.
      requires: string: what the language needs of the machine and what is fetched for it, the
        language's `*_REQUIRES`, of `requires` of //tools/implementation:requirements.bzl.
      missing: string: why the programs cannot be built here, the language's `*_MISSING`; empty where
        they can.
      **kwargs: attributes that all rules have.
    """
    _stock_implementation(
        name = name,
        client = None if missing else client,
        known_failing = known_failing,
        language = language,
        missing = missing,
        requires = requires,
        server = None if missing else server,
        **kwargs
    )
