"""The Node.js toolchain: the machine's Node.js, the packages, the bundler and the compiler that checks types."""

NODE_TOOLCHAIN_TYPE = str(Label("//tools/node:toolchain_type"))

def _node_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        archives = ctx.file.archives,
        builder = ctx.file.builder,
        esbuild = ctx.file.esbuild,
        interpreter = ctx.attr.interpreter,
        modules = ctx.attr.modules[DefaultInfo].files,
        sdk = ctx.files.sdk,
        tsconfig = ctx.file.tsconfig,
        typescript = ctx.attr.typescript[DefaultInfo].files,
        # What runs with the machine's Node.js, and not by its file, has this among its runfiles.
        version = ctx.files.sdk[1],
    )]

node_toolchain = rule(
    implementation = _node_toolchain_impl,
    doc = "What the Node.js rules build with.",
    attrs = {
        "archives": attr.label(
            doc = "The file that tells of the packages.",
            allow_single_file = True,
            mandatory = True,
        ),
        "builder": attr.label(
            doc = "The script of the rules' actions.",
            allow_single_file = [".mjs"],
            mandatory = True,
        ),
        "esbuild": attr.label(
            doc = "The bundler.",
            allow_single_file = True,
            cfg = "exec",
            mandatory = True,
        ),
        "interpreter": attr.string(
            doc = "Where the machine's Node.js stands: programs begin with it.",
            mandatory = True,
        ),
        "modules": attr.label(
            doc = "The packages that own code may import.",
            mandatory = True,
        ),
        "sdk": attr.label(
            doc = "The machine's Node.js; the command, then its versions.",
            cfg = "exec",
            mandatory = True,
        ),
        "tsconfig": attr.label(
            doc = "tsconfig.json: how types are checked.",
            allow_single_file = [".json"],
            mandatory = True,
        ),
        "typescript": attr.label(
            doc = "The compiler that checks types.",
            mandatory = True,
        ),
    },
)
