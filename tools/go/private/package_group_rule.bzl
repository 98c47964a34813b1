"""go_package_group: several Go packages under one name."""

load(":actions.bzl", "packages_below")
load(":go_info.bzl", "GoInfo")

def _go_package_group_impl(ctx):
    members = [member[GoInfo] for member in ctx.attr.packages]
    return [
        DefaultInfo(files = depset(transitive = [member[DefaultInfo].files for member in ctx.attr.packages])),
        GoInfo(
            direct = tuple([package for member in members for package in member.direct]),
            packages = packages_below(members),
        ),
    ]

go_package_group = rule(
    implementation = _go_package_group_impl,
    doc = "Go packages under one name: what depends on it may import each of them.",
    attrs = {
        "packages": attr.label_list(
            doc = "The packages.",
            mandatory = True,
            providers = [GoInfo],
        ),
    },
    provides = [GoInfo],
)
