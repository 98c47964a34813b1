"""The module extension of Ruby: its interpreter, gRPC and tools from Debian."""

load("//tools/debian:repositories.bzl", "debian_packages_repo")
load("//tools/ruby/private:machine_repo.bzl", "ruby_machine_repo")

def _ruby_impl(module_ctx):
    ruby_machine_repo(name = "ruby")
    debian_packages_repo(
        name = "ruby_deps",
        build_file = "//tools/ruby/private:deps.BUILD",
        lock = "//tools/ruby:packages.lock",
        missing = "@ruby//:missing.bzl",
        targets = [
            "components",
            "grpc_ruby_plugin",
            "interpreter",
            "libraries",
            "minitest",
            "protoc",
            "protoc_libraries",
            "rexml",
            "runtime",
            "standard_library",
        ],
    )
    debian_packages_repo(
        name = "ruby_tools",
        build_file = "//tools/ruby/private:tools.BUILD",
        lock = "//tools/ruby:tools.lock",
        missing = "@ruby_deps//:missing.bzl",
        targets = ["rubocop"],
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["ruby_deps", "ruby_tools"],
        root_module_direct_dev_deps = [],
    )

ruby = module_extension(
    implementation = _ruby_impl,
    doc = """Makes `@ruby` (whether the machine can run Debian's Ruby), `@ruby_deps` (Ruby, gRPC, protobuf and
minitest from Debian) and `@ruby_tools` (RuboCop from Debian).""",
)
