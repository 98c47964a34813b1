"""The module extension of the referees: other people's programs that every server is tried with."""

load("//tools/go:repositories.bzl", "go_programs_repo")

def _referees_impl(module_ctx):
    go_programs_repo(
        name = "referees",
        go = "@go//:bin/go",
        missing = "@go//:missing.bzl",
        mod = "//tools/referees:go.mod",
        programs = [
            "ghz",
            "grpc-health-probe",
            "grpcurl",
        ],
        sum = "//tools/referees:go.sum",
    )
    return module_ctx.extension_metadata(
        root_module_direct_deps = ["referees"],
        root_module_direct_dev_deps = [],
    )

referees = module_extension(
    implementation = _referees_impl,
    doc = """Makes `@referees`: grpcurl, grpc-health-probe and ghz, compiled from their modules by the machine's Go.

Only what tests with them fetches and compiles them. buf, the fourth, is among the wheels.""",
)
