"""Suite metadata: what travels beside the messages, in both directions, and what must not."""

from collections.abc import Iterable, Sequence
from typing import Any

from conformance.runner import expect
from conformance.runner.call import Call
from conformance.runner.cell import Cell
from conformance.runner.rpc import Shape
from conformance.runner.status_code import Code
from conformance.runner.transcript import DIRECTIVE
from conformance.stock.shapes import HELD_MS, STREAMS, case_per_shape, start
from proto import session_pb2

Pairs = Sequence[tuple[str, bytes]]

ASCII = (
    # Every printable character; spaces only within, those at the ends may be lost.
    ("x-printable", bytes(range(0x20, 0x7F)).strip()),
    ("x_under.dot-1", b'a, b; c="d"'),
    ("0", b"%00"),
)
BINARY = (
    ("x-all-bin", bytes(range(256))),
    ("x-empty-bin", b""),
    # One, two and no bytes of padding in base64.
    ("x-one-bin", b"\xff"),
    ("x-two-bin", b"\xff\x00"),
    ("x-three-bin", b"\xff\x00,"),
)
DUPLICATE = (
    ("x-twice", b"second"),
    ("x-other", b"between"),
    ("x-twice", b"first"),
    ("x-twice", b"second"),
    ("x-twice-bin", b"\x02"),
    ("x-twice-bin", b"\x01,\x02"),
)

# What belongs to the protocol or to a library and is nobody else's to see.
_RESERVED = (
    "content-type",
    "te",
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    DIRECTIVE,
)


def wire(pairs: Pairs) -> session_pb2.Metadata:
    """Pairs as the session protocol has them."""
    entries = [session_pb2.Header(name=name, value=value) for name, value in pairs]
    return session_pb2.Metadata(entries=entries)


def expect_pairs(actual: session_pb2.Metadata, pairs: Pairs, what: str) -> None:
    """Expects metadata to hold the values of each name, in order; there may be other names."""
    for name in dict(pairs):
        expected = [value for other, value in pairs if other == name]
        expect.equal(expect.values(actual, name), expected, f"{what}, values of {name}")


async def finished(
    cell: Cell,
    shape: Shape,
    directive: session_pb2.Directive,
    metadata: Iterable[tuple[str, bytes]] = (),
) -> Call[Any]:
    """A call that has ended after a response, with OK; a server stream ends only by ABORTED."""
    code = Code.OK
    if shape is Shape.SERVER_STREAM:
        code = Code.ABORTED
        directive.fail.CopyFrom(session_pb2.Fail(code=code, after=1))
    call = start(cell, shape, directive=directive, metadata=metadata)
    if shape is Shape.SERVER_STREAM:
        await call.headers()
        await cell.put("key", b"value").ok()
    expect.status(await call.status(), code)
    return call


async def expect_echo(cell: Cell, shape: Shape, pairs: Pairs) -> None:
    """Expects pairs to arrive as request metadata, as initial and as trailing metadata."""
    directive = session_pb2.Directive(tag="echo", headers=wire(pairs), trailers=wire(pairs[::-1]))
    call = await finished(cell, shape, directive, pairs)
    expect_pairs(await call.headers(), pairs, "initial metadata")
    expect_pairs((await call.status()).trailers, pairs[::-1], "trailing metadata")
    observation = await cell.observation("echo")
    expect_pairs(observation.metadata, pairs, "request metadata")


@case_per_shape(clause="PROTOCOL-HTTP2.md: Custom-Metadata", core=True)
async def metadata_ascii_echo(cell: Cell, shape: Shape) -> None:
    """Text metadata arrives unchanged in both directions: every printable character, any name."""
    await expect_echo(cell, shape, ASCII)


@case_per_shape(clause="PROTOCOL-HTTP2.md: Custom-Metadata", core=True)
async def metadata_binary_echo(cell: Cell, shape: Shape) -> None:
    """Metadata whose name ends in `-bin` is raw bytes to both ends: all of them, and none."""
    await expect_echo(cell, shape, BINARY)


@case_per_shape(clause="PROTOCOL-HTTP2.md: Custom-Metadata")
async def metadata_duplicate_keys_in_order(cell: Cell, shape: Shape) -> None:
    """A name may stand several times; its values keep their order, and equal ones stay two."""
    await expect_echo(cell, shape, DUPLICATE)


@case_per_shape(clause="service.md: Conformance mode", core=True)
async def metadata_trailers_with_error(cell: Cell, shape: Shape) -> None:
    """A call that fails before any response carries initial and trailing metadata all the same."""
    directive = session_pb2.Directive(
        headers=wire(ASCII + BINARY),
        trailers=wire(DUPLICATE),
        fail=session_pb2.Fail(code=Code.FAILED_PRECONDITION, message="with trailers"),
    )
    call = start(cell, shape, directive=directive)
    status = await call.status()
    expect.status(status, Code.FAILED_PRECONDITION, "with trailers")
    expect_pairs(status.trailers, DUPLICATE, "trailing metadata")
    expect_pairs(await call.headers(), ASCII + BINARY, "initial metadata")


@case_per_shape(*STREAMS, clause="service.md: Conformance mode")
async def metadata_headers_before_response(cell: Cell, shape: Shape) -> None:
    """Initial metadata sent before there is an answer reaches the caller before the answer.

    The answer is held back for longer than the case may take.
    """
    directive = session_pb2.Directive(headers=wire(ASCII), headers_first=True, delay_ms=HELD_MS)
    call = start(cell, shape, directive=directive)
    expect_pairs(await call.headers(), ASCII, "initial metadata")
    expect.equal(call.received, [], "responses when initial metadata has come")
    call.cancel()
    expect.status(await call.status(), Code.CANCELLED)


@case_per_shape(clause="PROTOCOL-HTTP2.md: User-Agent")
async def metadata_user_agent_present(cell: Cell, shape: Shape) -> None:
    """Every request says what sent it: `user-agent` is there, once, and not empty."""
    await finished(cell, shape, session_pb2.Directive(tag="agent"))
    observation = await cell.observation("agent")
    agents = expect.values(observation.metadata, "user-agent")
    expect.true(len(agents) == 1 and bool(agents[0]), f"one user-agent, got {agents}")


@case_per_shape(clause="session.proto: Metadata")
async def metadata_nothing_reserved_leaks(cell: Cell, shape: Shape) -> None:
    """What belongs to HTTP/2, to gRPC or to conformance mode is in no metadata of a caller."""
    directive = session_pb2.Directive(headers=wire(ASCII), trailers=wire(ASCII))
    call = await finished(cell, shape, directive, ASCII)
    for what, metadata in (
        ("initial metadata", await call.headers()),
        ("trailing metadata", (await call.status()).trailers),
    ):
        names = [entry.name for entry in metadata.entries]
        leaks = [name for name in names if name.startswith(":") or name in _RESERVED]
        expect.equal(leaks, [], f"reserved names in {what}")
        expect.equal([name for name in names if name != name.lower()], [], f"upper case in {what}")
