"""Makes a run of what was asked for, from the manifest to the report; prints nothing."""

import asyncio
import contextlib
import datetime
import gc
import importlib
import json
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from runfiles import Runfiles

from conformance.runner import brought, known_failing, manifest
from conformance.runner.admission import DEFAULT_LIMITS, Limits
from conformance.runner.case import REGISTRY, Case
from conformance.runner.config import Profile
from conformance.runner.engine import Engine
from conformance.runner.identities import Identities
from conformance.runner.junit import junit
from conformance.runner.markdown import markdown
from conformance.runner.options import Options
from conformance.runner.outcome import Result
from conformance.runner.plan import Plan, make_plan
from conformance.runner.process import Guard, environment
from conformance.runner.report import Report, make_report, to_json
from conformance.runner.supervisor import Tools
from conformance.runner.timeline import LOADING

if TYPE_CHECKING:
    from conformance.certs.authority import Authority
    from conformance.results.reader import Results


class Prepared(NamedTuple):
    """A run that can be started."""

    options: Options
    plan: Plan
    implementations: tuple[manifest.Implementation, ...]
    known: tuple[known_failing.Entry, ...]
    # What is wrong with the known failing entries themselves.
    stale: tuple[str, ...]
    # What programs need to find their runfiles.
    environment: Mapping[str, str]
    # Seconds that the runner took to load, for the waterfall.
    loading: float = 0.0
    limits: Limits = DEFAULT_LIMITS


def load_cases(suites: Sequence[str]) -> tuple[Case, ...]:
    """Imports the modules of the suites; the cases they declare."""
    for suite in suites:
        importlib.import_module(suite)
    return REGISTRY.cases()


def prepare(options: Options, profile: Profile, cases: Sequence[Case]) -> Prepared:
    """Reads manifest and known failures, looks at what was brought along, and makes the plan.

    ManifestError, BroughtError, KnownFailingError or PlanError where they are unusable or nothing is
    selected.
    """
    found, variables = read_manifest(options.manifest)
    along = brought.parse(options.brought, options.folder)
    found = _bring(found, along, variables)
    implementations = found.implementations
    known = known_failures(implementations)
    stale = known_failing.stale(
        known, found.languages, cases, datetime.datetime.now(datetime.UTC).date()
    )
    plan = make_plan(profile, implementations, cases, options.selection, found.others)
    arguments = tuple(argument for one in along for argument in one.arguments())
    plan = plan._replace(seed=options.seed, arguments=arguments)
    return Prepared(options, plan, implementations, known, tuple(stale), variables)


def _bring(
    found: manifest.Manifest, along: Sequence[brought.Brought], variables: Mapping[str, str]
) -> manifest.Manifest:
    if not along:
        return found
    from conformance.runner.probe import probe

    brought.check(along)
    ways = asyncio.run(probe(along, environment(variables)))
    return brought.merge(found, along, ways)


def read_manifest(runfiles_path: str) -> tuple[manifest.Manifest, Mapping[str, str]]:
    """The manifest at a runfiles path, and what its programs' environment needs.

    Raises ManifestError.
    """
    runfiles = Runfiles.Create()
    if runfiles is None:
        raise manifest.ManifestError("no runfiles: start the runner by Bazel")
    path = runfiles.Rlocation(runfiles_path)
    if path is None or not Path(path).exists():
        raise manifest.ManifestError(f"no manifest at the runfiles path {runfiles_path!r}")
    return manifest.read(Path(path).read_text("utf-8"), runfiles.Rlocation), runfiles.EnvVars()


def known_failures(
    implementations: Iterable[manifest.Implementation],
) -> tuple[known_failing.Entry, ...]:
    """The entries of all languages' files; KnownFailingError where one is wrong."""
    return tuple(
        entry
        for one in implementations
        if one.known_failing is not None
        for entry in known_failing.read(one.language, one.known_failing)
    )


def conduct(
    prepared: Prepared, observe: Callable[[Result], None], logs: Path | None = None
) -> Report:
    """Runs what was prepared. Logs go to a folder that must exist; without one they are not kept.

    SIGINT and SIGTERM end the run early; what was not run by then makes it fail.
    """
    # What lives by now lives to the end: the collector need not look at it again.
    gc.freeze()
    with contextlib.ExitStack() as stack:
        folder = logs or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        return asyncio.run(_conduct(prepared, observe, folder))


async def _conduct(prepared: Prepared, observe: Callable[[Result], None], logs: Path) -> Report:
    started = datetime.datetime.now(datetime.UTC)
    with contextlib.closing(Guard()) as guard:
        starts = asyncio.Semaphore(prepared.limits.starts)
        tools = Tools(guard, Identities(_mint), environment(prepared.environment), logs, starts)
        limits = prepared.limits._replace(budget=prepared.options.budget)
        engine = Engine(prepared.plan, prepared.implementations, prepared.known, tools, limits)
        engine.timeline.seconds[LOADING] = prepared.loading
        with _signals(engine):
            run = await engine.run(observe)
        stale = prepared.stale
        return make_report(prepared.plan, run, started, stale, prepared.options.require_all)


@contextlib.contextmanager
def _signals(engine: Engine) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, engine.stop, f"the run was ended by {number.name}")
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def findings(report: Report) -> list[str]:
    """What failed together, in sentences; empty where nothing failed."""
    if not report.bad:
        return []
    from conformance.results.reader import parse

    return _sentences(parse(to_json(report), "results.json"))


def _sentences(results: "Results") -> list[str]:
    from conformance.results.together import together

    return [finding.sentence for finding in together(results)]


def write_reports(report: Report, folder: Path) -> None:
    """Writes results.json, report.html, junit.xml and summary.md into a folder, which is made."""
    # Packing takes time to load that a run without reports can do without.
    from conformance.results.html import page
    from conformance.results.reader import parse

    folder.mkdir(parents=True, exist_ok=True)
    document = to_json(report)
    results = parse(document, "results.json")
    texts = {
        "results.json": json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        "report.html": page(results),
        "summary.md": markdown(report, _sentences(results)),
    }
    for name, text in texts.items():
        # A lone surrogate in what a peer said must not cost the report.
        (folder / name).write_text(text, "utf-8", "backslashreplace")
    (folder / "junit.xml").write_bytes(junit(report))


def _mint(key_type: str) -> "Authority":
    # Loading cryptography takes time that a run in plaintext can do without; called in a thread.
    from conformance.certs.authority import mint

    return mint(key_type)
