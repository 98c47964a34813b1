"""Renders what passed between runner and client as lines a person can read; only for failures."""

from collections.abc import Iterable, Iterator

from google.protobuf import text_format

from conformance.runner.expect import show
from proto import session_pb2

_LONGEST_LINES = 200


def transcript(rpc: str, log: Iterable[session_pb2.Command | session_pb2.Events]) -> str:
    """One call's transcript: `-->` lines were sent, `<--` lines came, with the client's time."""
    lines = [rpc, *(f"  {line}" for entry in log for line in _entry(entry))]
    if len(lines) > _LONGEST_LINES:
        half = _LONGEST_LINES // 2
        lines = [*lines[:half], f"  ... {len(lines) - 2 * half} lines ...", *lines[-half:]]
    return "\n".join(lines)


def _entry(entry: session_pb2.Command | session_pb2.Events) -> Iterator[str]:
    if isinstance(entry, session_pb2.Command):
        name = entry.WhichOneof("command") or "nothing"
        yield f"--> {name} {_text(getattr(entry, name))}"
        return
    at = f"{entry.at_ns / 1e6:.3f} ms"
    if entry.HasField("headers"):
        yield f"<-- {at} headers {_text(entry.headers)}"
    for response in entry.responses:
        yield f"<-- {at} response {_text(response)}"
    if entry.HasField("status"):
        yield f"<-- {at} status {_text(entry.status)}"


def _text(message: object) -> str:
    return show(text_format.MessageToString(message, as_one_line=True))  # type: ignore[arg-type]
