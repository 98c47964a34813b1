"""For the linters' test rules: a linter runs in actions, and its test shows what it has found."""

_SHOW = """\
#!/bin/sh
# Shows what the linter has found, if anything.
for findings in %s; do
    test -s "$findings" && cat "$findings" && found=yes
done
test -z "$found"
"""

def findings_test(ctx, findings):
    """The DefaultInfo of a test that fails where a linter has found something.

    Args:
        ctx: the test rule's context.
        findings: list of Files: what the linter has to say of each target or source, empty where that is nothing.

    Returns:
        list of one provider.
    """
    program = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        program,
        _SHOW % " ".join(["'%s'" % file.short_path for file in findings]),
        is_executable = True,
    )
    return [DefaultInfo(executable = program, runfiles = ctx.runfiles(files = findings))]
