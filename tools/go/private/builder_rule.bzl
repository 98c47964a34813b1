"""go_builder: compiles the program that all other actions of Go run."""

def _go_builder_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    args = ctx.actions.args()
    args.add("build")
    args.add("-trimpath")
    args.add("-ldflags=-s -w -buildid=")
    args.add("-o", out)
    args.add_all(ctx.files.srcs)
    ctx.actions.run(
        executable = ctx.files.sdk[0],
        arguments = [args],
        env = {
            "CGO_ENABLED": "0",
            "GO111MODULE": "off",
            # Inside the sandbox, whose /tmp is its own.
            "GOCACHE": "/tmp/go-builder-cache",
            "GOENV": "off",
            "GOPATH": "/nonexistent",
            "GOTELEMETRY": "off",
            "GOTOOLCHAIN": "local",
        },
        inputs = ctx.files.srcs,
        tools = ctx.files.sdk,
        outputs = [out],
        mnemonic = "GoBuilder",
        progress_message = "Compiling the builder of the Go rules",
    )
    return [DefaultInfo(executable = out, files = depset([out]))]

go_builder = rule(
    implementation = _go_builder_impl,
    doc = "The builder, made by the go command alone, since it is what other actions have the builder for.",
    attrs = {
        "sdk": attr.label(
            doc = "The machine's Go; its first file is the go command.",
            cfg = "exec",
            mandatory = True,
        ),
        "srcs": attr.label_list(
            doc = "Go sources of one package main that imports the standard library only.",
            allow_files = [".go"],
            mandatory = True,
        ),
    },
    executable = True,
)
