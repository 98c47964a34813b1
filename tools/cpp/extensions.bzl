"""The module extension of C++: the machine's compiler, and Debian's libraries and tools."""

load("//tools/cpp/private:compiler_repo.bzl", "cpp_compiler_repo")
load("//tools/debian:repositories.bzl", "debian_packages_repo")

def _cpp_impl(module_ctx):
    cpp_compiler_repo(name = "cpp")
    debian_packages_repo(
        name = "cpp_deps",
        build_file = "//tools/cpp/private:deps.BUILD",
        lock = "//tools/cpp:packages.lock",
        missing = "@cpp//:missing.bzl",
        programs = {"protoc": "usr/bin/protoc"},
        targets = [
            "fmt",
            "grpc",
            "grpc_cpp_plugin",
            "grpc_packages",
            "gtest",
            "protoc",
            "protoc_files",
        ],
    )
    debian_packages_repo(
        name = "cpp_tools",
        build_file = "//tools/cpp/private:tools.BUILD",
        lock = "//tools/cpp:tools.lock",
        programs = {
            "clang-format": "usr/lib/llvm-14/bin/clang-format",
            "clang-tidy": "usr/lib/llvm-14/bin/clang-tidy",
        },
        targets = [
            "clang-format",
            "clang-tidy",
            "clang-tidy_files",
        ],
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["cpp", "cpp_deps", "cpp_tools"],
        root_module_direct_dev_deps = [],
    )

cpp = module_extension(
    implementation = _cpp_impl,
    doc = """Makes `@cpp` (the machine's compiler), `@cpp_deps` (gRPC, protobuf and GoogleTest from Debian) and
`@cpp_tools` (clang-format and clang-tidy from Debian).""",
)
