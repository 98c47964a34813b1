"""archive_list: all third-party archives as a table."""

def _told(file):
    # A repository made by an extension is called MODULE~EXTENSION~NAME.
    return "%s=%s" % (file.owner.workspace_name.split("~")[-1], file.path)

def _archive_list_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".tsv")
    args = ctx.actions.args()
    args.add("--out", out)
    args.add_all(ctx.files.archives, before_each = "--archives", map_each = _told)
    args.add_all(ctx.files.sboms)
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [args],
        inputs = ctx.files.archives + ctx.files.sboms,
        outputs = [out],
        mnemonic = "SbomArchives",
        progress_message = "Listing the archives of %{label}",
    )
    return [DefaultInfo(files = depset([out]))]

archive_list = rule(
    implementation = _archive_list_impl,
    doc = """Every third-party archive as a line of `NAME.tsv`: package URL, licence, digest, the repositories that
fetch it, and the programs that have it; those that no program has are of the build and its tests.
""",
    attrs = {
        "archives": attr.label_list(
            doc = "Files that tell of archives, of the repositories that fetch them.",
            allow_files = True,
            mandatory = True,
        ),
        "sboms": attr.label_list(
            doc = "Bills of materials.",
            allow_files = [".json"],
            mandatory = True,
        ),
        "_tool": attr.label(
            default = "//tools/sbom:list_archives",
            executable = True,
            cfg = "exec",
        ),
    },
)
