"""Counts test results out of Bazel's build event files (JSON, one event a line).

Usage: test_results.py EVENTS... [--script NAME=EXIT_CODE|skipped]...

Prints what did not pass, then one line `N passed, N failed, N skipped`, and exits 1 when anything
failed or nothing passed. Each test target counts once however many files name it (its worst result
counts); each script counts as one test. A file without the event of a finished, successful build is a
failure of its own: a build that broke has no test summaries to count. So is a test that passed and left an
empty log, since Bazel itself begins every log: it was not run, a remote cache that answers with nothing said so.
Source: Bazel's build_event_stream.proto.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

Result = tuple[str, str]
"""A name and one of `passed`, `skipped`, `failed`."""

_RANK = {"skipped": 0, "passed": 1, "failed": 2}


def results(lines: Iterable[str], name: str) -> Iterator[Result]:
    """The results that the events of one build hold; `name` stands for the build itself."""
    finished = False
    for line in lines:
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            yield name, "failed"
            return
        if "finished" in event:
            finished = True
            if event["finished"].get("exitCode", {}).get("name") not in ("SUCCESS", "TESTS_FAILED"):
                yield name, "failed"
        yield from _of_event(event)
    if not finished:
        yield name, "failed"


def _of_event(event: dict[str, Any]) -> Iterator[Result]:
    identity = event.get("id", {})
    if event.get("testResult", {}).get("status") == "PASSED" and _hollow(event["testResult"]):
        yield identity["testResult"]["label"], "failed"
    if "testSummary" in event:
        passed = event["testSummary"].get("overallStatus") == "PASSED"
        yield identity["testSummary"]["label"], "passed" if passed else "failed"
    elif "targetCompleted" in identity and event.get("aborted", {}).get("reason") == "SKIPPED":
        label = identity["targetCompleted"]["label"]
        if label.endswith("test") or "_test_" in label:
            yield label, "skipped"


def _hollow(result: dict[str, Any]) -> bool:
    for output in result.get("testActionOutput", ()):
        address = urlsplit(output.get("uri", ""))
        if output.get("name") == "test.log" and address.scheme == "file":
            log = Path(unquote(address.path))
            return log.exists() and not log.stat().st_size
    return False


def worst(found: Iterable[Result]) -> dict[str, str]:
    """One result a name: the worst it was given."""
    merged: dict[str, str] = {}
    for name, result in found:
        if _RANK[result] > _RANK.get(merged.get(name, ""), -1):
            merged[name] = result
    return merged


def _script(argument: str) -> Result:
    name, separator, code = argument.rpartition("=")
    if separator and code == "skipped":
        return name, "skipped"
    if not separator or not code.isdigit():
        raise argparse.ArgumentTypeError(f"expected NAME=EXIT_CODE|skipped, got {argument!r}")
    return name, "passed" if code == "0" else "failed"


def main(argv: list[str]) -> int:
    """Prints the count for the files and scripts of `argv`; returns the exit code."""
    parser = argparse.ArgumentParser(description="Counts test results of build event files.")
    parser.add_argument("events", nargs="*", type=Path)
    parser.add_argument("--script", action="append", default=[], type=_script)
    arguments = parser.parse_args(argv)
    found: list[Result] = list(arguments.script)
    for path in arguments.events:
        try:
            with path.open(encoding="utf-8") as lines:
                found.extend(results(lines, f"build {path.name}"))
        except OSError as error:
            print(f"cannot read {path}: {error.strerror}", file=sys.stderr)
            found.append((f"build {path.name}", "failed"))
    merged = worst(found)
    for name, result in sorted(merged.items()):
        if result != "passed":
            print(f"{result}: {name}")
    count = Counter(merged.values())
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
