"""Renders what passed between runner and client as lines a person can read; only for failures."""

from collections.abc import Iterable, Iterator
from typing import Final

from google.protobuf import text_format
from google.protobuf.message import DecodeError, Message

from proto import session_pb2

# Metadata key of the directive (docs/reference/service.md, conformance mode).
DIRECTIVE: Final = "stock-directive-bin"

_LONGEST_LINE: Final = 400
_MOST_LINES: Final = 200


def transcript(rpc: str, log: Iterable[session_pb2.Command | session_pb2.Events]) -> str:
    """One call's transcript: `-->` lines were sent, `<--` lines came, with the client's time."""
    lines = [rpc, *(f"  {line}" for entry in log for line in _entry(entry))]
    if len(lines) > _MOST_LINES:
        half = _MOST_LINES // 2
        lines = [*lines[:half], f"  ... {len(lines) - 2 * half} lines ...", *lines[-half:]]
    return "\n".join(lines)


def _entry(entry: session_pb2.Command | session_pb2.Events) -> Iterator[str]:
    if isinstance(entry, session_pb2.Command):
        yield from _command(entry)
        return
    at = f"{entry.at_ns / 1e6:.3f} ms"
    if entry.HasField("headers"):
        yield f"<-- {at} headers {_text(entry.headers)}"
    for response in entry.responses:
        yield f"<-- {at} response {_text(response)}"
    if entry.HasField("status"):
        yield f"<-- {at} status {_text(entry.status)}"


def _command(command: session_pb2.Command) -> Iterator[str]:
    name = command.WhichOneof("command") or "nothing"
    if name != "start":
        yield f"--> {name} {_text(getattr(command, name))}"
        return
    start = session_pb2.Start()
    start.CopyFrom(command.start)
    entries = start.metadata.entries
    others = [entry for entry in entries if entry.name != DIRECTIVE]
    directives = [entry.value for entry in entries if entry.name == DIRECTIVE]
    start.ClearField("metadata")
    start.metadata.entries.extend(others)
    yield f"--> start {_text(start)}"
    yield from (f"    directive {_directive(value)}" for value in directives)


def _directive(value: bytes) -> str:
    try:
        return _text(session_pb2.Directive.FromString(value))
    except DecodeError:
        return repr(value)


def _text(message: Message) -> str:
    text = text_format.MessageToString(message, as_one_line=True)
    if len(text) <= _LONGEST_LINE:
        return text
    return f"{text[:_LONGEST_LINE]} ... ({len(text)} characters)"
