"""Reads results.json, of any version there has been; what is wrong with a file is said by field."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

FILE_NAME: Final = "results.json"

# Oldest first. 2: clauses of cases, ends of logs.
VERSIONS: Final = ("stock-results/1", "stock-results/2")

OUTCOMES: Final = (
    "passed",
    "failed",
    "known_failing",
    "unexpected_pass",
    "unsupported",
    "not_run",
    "crashed",
    "timed_out",
)
# Outcomes that make a run fail by themselves.
BAD: Final = frozenset({"failed", "unexpected_pass", "crashed", "timed_out"})

# The client of permutations that the runner itself calls the server in.
RUNNER: Final = "runner"

_T = TypeVar("_T")
_LONGEST: Final = 60


class ResultsError(ValueError):
    """A file is no results.json that can be read; the text names file and field."""


class Permutation(NamedTuple):
    """One permutation and what became of it."""

    client: str
    server: str
    security: str
    key_type: str
    suite: str
    case: str
    outcome: str
    # Seconds; 0 where it was not run.
    duration: float
    # The command that runs it alone.
    reproduce: str
    # Why, in one line; empty for a pass.
    reason: str
    # What its calls sent and got; empty for a pass.
    transcript: str

    @property
    def name(self) -> str:
        """Its whole identity."""
        return (
            f"client={self.client}/server={self.server}/security={self.security}"
            f"/key_type={self.key_type}/case={self.case}"
        )

    @property
    def bad(self) -> bool:
        """Whether it makes the run fail."""
        return self.outcome in BAD


class Program(NamedTuple):
    """One program of the run."""

    language: str
    role: str
    # Of its Hello: library, runtime, transport, tls_stack, version; what it never said is left out.
    described: Mapping[str, str]
    supports: tuple[str, ...]
    # Seconds from each start to its Hello.
    starts: tuple[float, ...]
    # How it was lost, each time.
    losses: tuple[str, ...]
    # The end of its log.
    log_tail: str


class Waterfall(NamedTuple):
    """Where the time went, in seconds."""

    wall: float
    floor: float
    # Wall / floor.
    efficiency: float
    phases: Mapping[str, float]
    # By cell: what its first call took.
    channels: Mapping[str, float]
    # By program, the runner among them.
    cpu: Mapping[str, float]


class Results(NamedTuple):
    """A run, as results.json tells it."""

    version: str
    profile: str
    # ISO 8601, UTC.
    started: str
    environment: Mapping[str, str]
    complaints: tuple[str, ...]
    # How many permutations had to be executed, and how many were.
    floor: int
    executed: int
    # Reason by language whose programs could not be built.
    missing: Mapping[str, str]
    # Clause by case; empty before version 2.
    clauses: Mapping[str, str]
    programs: tuple[Program, ...]
    waterfall: Waterfall
    # In the order of the plan.
    permutations: tuple[Permutation, ...]

    @property
    def passed(self) -> bool:
        """Whether the run passed."""
        return not self.complaints


def read(path: Path) -> Results:
    """The results in a file, or in the results.json of a folder. Raises ResultsError."""
    file = path / FILE_NAME if path.is_dir() else path
    try:
        document = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ResultsError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise ResultsError(f"{file}: not JSON: {error}") from error
    return parse(document, str(file))


def parse(document: object, source: str) -> Results:
    """The results in a document; `source` names it in errors. Raises ResultsError."""
    top = _Table(document, source)
    version = top.take("schema", str)
    if version not in VERSIONS:
        raise ResultsError(f"{source}: schema: expected {' or '.join(VERSIONS)}, got {version!r}")
    new = version != VERSIONS[0]
    return Results(
        version=version,
        profile=top.take("profile", str),
        started=top.take("started", str),
        environment=top.mapping("environment", str),
        complaints=top.values("complaints", str),
        floor=top.take("floor", int),
        executed=top.take("executed", int),
        missing=top.mapping("missing", str),
        clauses=_clauses(top) if new else {},
        programs=tuple(_program(table) for table in top.tables("programs")),
        waterfall=_waterfall(top.table("waterfall")),
        permutations=tuple(_permutation(table) for table in top.tables("permutations")),
    )


class _Table:
    """A JSON object, and where it stands."""

    __slots__ = ("_fields", "_where")

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ResultsError(f"{where}: expected an object, got {_show(value)}")
        self._fields: dict[str, Any] = value
        self._where = where

    def take(self, name: str, kind: type[_T], default: _T | None = None) -> _T:
        """A field of a type; JSON's numbers are all floats where a float is wanted."""
        value = self._fields.get(name, default)
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)  # type: ignore[return-value]
        got = _show(self._fields[name]) if name in self._fields else "nothing"
        raise ResultsError(f"{self._where}: {name}: expected {_kind(kind)}, got {got}")

    def table(self, name: str) -> "_Table":
        """A field that is an object."""
        return _Table(self.take(name, dict), f"{self._where}: {name}")

    def values(self, name: str, kind: type[_T]) -> tuple[_T, ...]:
        """A field that is a list of values of a type."""
        items = self.take(name, list)
        if any(type(item) is not kind and (kind, type(item)) != (float, int) for item in items):
            raise ResultsError(
                f"{self._where}: {name}: expected a list of {_kind(kind)[2:]}s, got {_show(items)}"
            )
        return tuple(items)

    def tables(self, name: str) -> "list[_Table]":
        """A field that is a list of objects."""
        items = self.take(name, list)
        return [_Table(item, f"{self._where}: {name}[{i}]") for i, item in enumerate(items)]

    def mapping(self, name: str, kind: type[_T]) -> dict[str, _T]:
        """A field that is an object whose values are all of a type."""
        table = self.table(name)
        return {key: table.take(key, kind) for key in table._fields}

    def outcome(self) -> str:
        """The outcome: one of the closed set."""
        outcome = self.take("outcome", str)
        if outcome not in OUTCOMES:
            raise ResultsError(f"{self._where}: outcome: unknown: {outcome!r}")
        return outcome


def _clauses(top: _Table) -> dict[str, str]:
    cases = top.table("cases")
    return {name: cases.table(name).take("clause", str) for name in top.mapping("cases", dict)}


def _program(table: _Table) -> Program:
    names = ("library", "runtime", "transport", "tls_stack", "version")
    told = {name: table.take(name, str, "") for name in names}
    return Program(
        language=table.take("language", str),
        role=table.take("role", str),
        described={name: text for name, text in told.items() if text},
        supports=table.values("supports", str),
        starts=table.values("start_seconds", float),
        losses=tuple(loss.take("reason", str) for loss in table.tables("losses")),
        log_tail=table.take("log_tail", str, ""),
    )


def _waterfall(table: _Table) -> Waterfall:
    return Waterfall(
        wall=table.take("wall_seconds", float),
        floor=table.take("floor_seconds", float),
        efficiency=table.take("efficiency", float),
        phases=table.mapping("phases", float),
        channels=table.mapping("channels", float),
        cpu=table.mapping("cpu_seconds", float),
    )


def _permutation(table: _Table) -> Permutation:
    take = table.take
    return Permutation(
        client=take("client", str),
        server=take("server", str),
        security=take("security", str),
        key_type=take("key_type", str),
        suite=take("suite", str),
        case=take("case", str),
        outcome=table.outcome(),
        duration=take("duration_seconds", float),
        reproduce=take("reproduce", str),
        reason=take("reason", str, ""),
        transcript=take("transcript", str, ""),
    )


def _kind(kind: type) -> str:
    names = {str: "a text", int: "a whole number", float: "a number", list: "a list"}
    return names.get(kind, "an object")


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
