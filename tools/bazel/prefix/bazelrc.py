"""The rc file that makes Debian's Bazel work from the prefix; bazelw passes it with --bazelrc."""

from pathlib import Path

from tools.bazel.prefix import layout, modules

_HEAD = """\
# Made by bazelw. What Debian's Bazel needs and an ordinary one does not.
"""


def bazelrc(home: Path, output_user_root: Path) -> str:
    """The text for a prefix at `home` and a server that keeps its state in `output_user_root`."""
    java_tools = home / layout.JAVA_TOOLS
    startup = [
        f"--server_javabase={home / layout.JAVA_HOME}",
        f"--host_jvm_args=-Djava.library.path={home / layout.NATIVE}",
        f"--output_user_root={output_user_root}",
    ]
    common = [
        f"--registry=file://{home / layout.REGISTRY}",
        *(
            f"--override_module={name}={home / folder}"
            for name, folder in sorted(modules.overrides().items())
        ),
        f"--override_repository=rules_java~~toolchains~remote_java_tools={java_tools}",
        f"--override_repository=rules_java~~toolchains~remote_java_tools_linux={java_tools}",
        # The JDK that rules_java would download otherwise.
        "--java_runtime_version=local_jdk",
        "--tool_java_runtime_version=local_jdk",
    ]
    lines = [f"startup {flag}" for flag in startup] + [f"common {flag}" for flag in common]
    return _HEAD + "".join(f"{line}\n" for line in lines)
