"""Runs pytest as a Bazel test: `pytest_main.py FILE... -- [PYTEST ARGUMENTS]`."""

import os
import sys

import pytest

_ALWAYS = (
    "--import-mode=importlib",
    "--strict-config",
    "--strict-markers",
    "-pno:cacheprovider",
    "-Werror",
    "-ra",
    "--override-ini=asyncio_mode=auto",
    "--override-ini=asyncio_default_fixture_loop_scope=function",
    "--override-ini=consider_namespace_packages=true",
)


def main(argv: list[str], environment: dict[str, str]) -> int:
    """Returns pytest's exit code; 5 where no test was collected."""
    split = argv.index("--")
    arguments = [*_ALWAYS, f"--rootdir={os.getcwd()}", f"--config-file={os.devnull}"]
    if "XML_OUTPUT_FILE" in environment:
        arguments.append(f"--junit-xml={environment['XML_OUTPUT_FILE']}")
    if "TEST_TMPDIR" in environment:
        arguments.append(f"--basetemp={environment['TEST_TMPDIR']}/pytest")
    if "TESTBRIDGE_TEST_ONLY" in environment:
        arguments.append(f"-k={environment['TESTBRIDGE_TEST_ONLY']}")
    return int(pytest.main([*arguments, *argv[split + 1 :], *argv[:split]]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ)))
