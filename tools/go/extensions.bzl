"""The module extension of Go: the machine's Go and the third-party code."""

load("//tools/go/private:modules_repo.bzl", "go_modules_repo")
load("//tools/go/private:sdk_repo.bzl", "go_sdk_repo")

def _go_impl(module_ctx):
    go_sdk_repo(name = "go")
    go_modules_repo(
        name = "go_deps",
        go = "@go//:bin/go",
        imports = "//go:deps/deps.go",
        linters = ["staticcheck"],
        missing = "@go//:missing.bzl",
        mod = "//go:go.mod",
        plugins = [
            "protoc-gen-go",
            "protoc-gen-go-grpc",
        ],
        sum = "//go:go.sum",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["go", "go_deps"],
        root_module_direct_dev_deps = [],
    )

go = module_extension(
    implementation = _go_impl,
    doc = "Makes `@go` (the machine's Go) and `@go_deps` (the modules of go.mod, vendored and compiled).",
)
