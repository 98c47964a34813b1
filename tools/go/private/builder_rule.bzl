"""go_builder: compiles a program that other actions of the Go rules run."""

load(":go_info.bzl", "GO_STD")

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
        tools = ctx.files.sdk + ctx.files._std,
        outputs = [out],
        mnemonic = "GoBuilder",
        progress_message = "Compiling %{label} with the go command",
    )
    return [DefaultInfo(executable = out, files = depset([out]))]

go_builder = rule(
    implementation = _go_builder_impl,
    doc = "A program made by the go command alone, since the other rules need one to make programs with.",
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
        "_std": GO_STD,
    },
    executable = True,
)
