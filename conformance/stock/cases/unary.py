"""Suite unary: Put, Get, Delete, Inventory and the older KV service, alone and many at once."""

import functools
import hashlib
import random

from conformance.runner import expect
from conformance.runner.case import case
from conformance.runner.cell import Cell
from conformance.runner.rpc import Rpc
from conformance.runner.status_code import Code
from conformance.stock.keys import (
    INVALID_KEY,
    INVALID_KEYS,
    LONGEST_KEYS,
    OPAQUE_KEYS,
    UNICODE_KEYS,
)
from conformance.stock.steps import expect_not_found, expect_totals, expect_value
from proto import session_pb2

MEBIBYTE = 1 << 20


@case(covers=(Rpc.PUT, Rpc.GET), clause="service.md: Put, Get, Delete", core=True)
async def unary_get_put(cell: Cell) -> None:
    """A value that Put has stored is what Get reads."""
    await cell.put("key", b"value").ok()
    await expect_value(cell, "key", b"value")


@case(covers=(Rpc.GET,), clause="service.md: Missing keys", core=True)
async def unary_get_missing(cell: Cell) -> None:
    """Get of a key without a value is NOT_FOUND, and the message names the key."""
    expect_not_found(await cell.get("missing").status(), "missing")


@case(covers=(Rpc.PUT, Rpc.GET, Rpc.INVENTORY), clause="service.md: Values")
async def unary_put_empty_value(cell: Cell) -> None:
    """An empty value is a value: Get reads it with OK, and Inventory counts its key."""
    await cell.put("key", b"").ok()
    await expect_value(cell, "key", b"")
    await expect_totals(cell, 1, 0)


@case(covers=(Rpc.PUT, Rpc.GET), clause="service.md: Values")
async def unary_put_binary_256(cell: Cell) -> None:
    """A value is any bytes: all 256 come back as they were, alone and in a row."""
    await cell.put("all", bytes(range(256))).ok()
    await expect_value(cell, "all", bytes(range(256)))
    for byte in (0x00, 0x0A, 0x80, 0xC3, 0xFF):
        await cell.put("one", bytes([byte])).ok()
        await expect_value(cell, "one", bytes([byte]))


@case(covers=(Rpc.PUT, Rpc.GET), clause="service.md: Keys", streams=len(UNICODE_KEYS))
async def unary_key_unicode(cell: Cell) -> None:
    """A key is any UTF-8 and is compared as bytes: two Unicode normal forms are two keys."""
    await _expect_apart(cell, UNICODE_KEYS)


@case(covers=(Rpc.PUT, Rpc.GET, Rpc.DELETE), clause="service.md: Keys", streams=len(OPAQUE_KEYS))
async def unary_key_is_opaque(cell: Cell) -> None:
    """No character of a key has a meaning: not a slash, dots, a star, a space or `__proto__`."""
    await _expect_apart(cell, OPAQUE_KEYS)
    await cell.delete("*").ok()
    await expect_totals(cell, len(OPAQUE_KEYS) - 1, 2 * (len(OPAQUE_KEYS) - 1))


async def _expect_apart(cell: Cell, keys: tuple[str, ...]) -> None:
    """Expects keys to be missing at first, and then each to keep a value of its own."""
    for key, get in [(key, cell.get(key)) for key in keys]:
        expect_not_found(await get.status(), key)
    values = {key: f"{number:02}".encode() for number, key in enumerate(keys)}
    for put in [cell.put(key, value) for key, value in values.items()]:
        await put.ok()
    for key, get in [(key, cell.get(key)) for key in keys]:
        [response] = await get.ok()
        expect.equal(response.value, values[key], f"value of {expect.show(key)}")


@case(
    covers=(Rpc.PUT, Rpc.GET, Rpc.DELETE, Rpc.KV_PUT, Rpc.KV_GET),
    clause="service.md: Keys",
    streams=5 * len(INVALID_KEYS),
)
async def unary_key_limits(cell: Cell) -> None:
    """A key has 1 to 1,024 bytes and no NUL, for every method; nothing is stored under another.

    Another key is INVALID_ARGUMENT with the message of the key rule.
    """
    for key in LONGEST_KEYS:
        await cell.put(key, b"v").ok()
        await expect_value(cell, key, b"v")
    calls = [
        call
        for key in INVALID_KEYS
        for call in (
            cell.put(key, b"v"),
            cell.get(key),
            cell.delete(key),
            cell.kv_put(key, b"v"),
            cell.kv_get(key),
        )
    ]
    for call in calls:
        expect.status(await call.status(), Code.INVALID_ARGUMENT, INVALID_KEY)
    await expect_totals(cell, len(LONGEST_KEYS), len(LONGEST_KEYS))


@case(covers=(Rpc.DELETE,), clause="service.md: Put, Get, Delete")
async def unary_delete(cell: Cell) -> None:
    """Delete removes a key and its value, and no other."""
    await cell.put("key", b"value").ok()
    await cell.put("kept", b"value").ok()
    await cell.delete("key").ok()
    expect_not_found(await cell.get("key").status(), "key")
    await expect_value(cell, "kept", b"value")
    await expect_totals(cell, 1, 5)


@case(covers=(Rpc.DELETE,), clause="service.md: Missing keys")
async def unary_delete_missing(cell: Cell) -> None:
    """Delete of a key without a value is NOT_FOUND, also where it had one before."""
    expect_not_found(await cell.delete("key").status(), "key")
    await cell.put("key", b"value").ok()
    await cell.delete("key").ok()
    expect_not_found(await cell.delete("key").status(), "key")


@case(covers=(Rpc.PUT, Rpc.GET, Rpc.INVENTORY), clause="service.md: Put, Get, Delete")
async def unary_overwrite(cell: Cell) -> None:
    """Put replaces the whole value, whether the new one is longer, shorter or empty."""
    for value in (b"first", b"the second, which is longer", b"3", b""):
        await cell.put("key", value).ok()
        await expect_value(cell, "key", value)
        await expect_totals(cell, 1, len(value))


@functools.cache
def large_value() -> bytes:
    """A mebibyte that does not compress."""
    return random.Random(0).randbytes(MEBIBYTE)


@case(covers=(Rpc.PUT, Rpc.GET), clause="service.md: Values")
async def unary_large_value(cell: Cell) -> None:
    """A mebibyte goes up and comes down bit by bit as it was: it is far below the limit."""
    await cell.put("large", large_value()).ok()
    [response] = await cell.get("large").ok()
    hashes = [hashlib.sha256(value).hexdigest() for value in (response.value, large_value())]
    expect.equal(hashes[0], hashes[1], f"SHA-256 of the {len(response.value)} bytes read")


@case(covers=(Rpc.INVENTORY,), clause="service.md: Inventory")
async def unary_inventory_counts(cell: Cell) -> None:
    """Inventory counts keys, each once, and the bytes of their present values."""
    await expect_totals(cell, 0, 0)
    for key, value in (("a", b"1"), ("bb", b"22"), ("ccc", b"333"), ("a", b"4444")):
        await cell.put(key, value).ok()
    await expect_totals(cell, 3, 9)
    await cell.delete("bb").ok()
    await expect_totals(cell, 2, 7)


@case(covers=(Rpc.INVENTORY,), clause="service.md: Inventory", core=True)
async def unary_inventory_metadata(cell: Cell) -> None:
    """Inventory tells the server's version, language, runtime, library, transport and TLS stack.

    It tells this connection's security too, and an uptime that does not run backwards.
    """
    [first] = await cell.inventory().ok()
    [second] = await cell.inventory().ok()
    expect.between(first.uptime_seconds, 0, second.uptime_seconds, "uptime (s) of the first of two")
    expect.equal(first.server_version, cell.server.hello.version, "server_version")
    metadata = dict(first.metadata)
    expect.equal(metadata.get("language"), cell.server.language, "metadata language")
    expect.equal(metadata.get("security"), cell.config.security.value, "metadata security")
    for name in ("runtime", "library", "transport", "tls_stack"):
        expect.true(bool(metadata.get(name)), f"metadata {name} not to be empty, got {metadata}")


@case(covers=(Rpc.KV_PUT, Rpc.KV_GET, Rpc.PUT, Rpc.GET), clause="service.md: Services")
async def unary_kv_shares_store(cell: Cell) -> None:
    """KV and Stock are two services over one store: each reads, replaces and counts the other's."""
    await cell.kv_put("from_kv", b"kv").ok()
    await expect_value(cell, "from_kv", b"kv")
    await cell.put("from_stock", b"stock").ok()
    [response] = await cell.kv_get("from_stock").ok()
    expect.equal(response.value, b"stock", "value that KV reads")
    await cell.kv_put("from_stock", b"replaced").ok()
    await expect_value(cell, "from_stock", b"replaced")
    await expect_totals(cell, 2, 10)


@case(covers=(Rpc.KV_GET,), clause="service.md: Missing keys")
async def unary_kv_missing(cell: Cell) -> None:
    """KV's Get of a key without a value is NOT_FOUND with Stock's message."""
    expect_not_found(await cell.kv_get("key").status(), "key")
    await cell.kv_put("key", b"value").ok()
    await cell.delete("key").ok()
    expect_not_found(await cell.kv_get("key").status(), "key")


@case(covers=(Rpc.PUT, Rpc.GET), clause="service.md: Limits", waits=0.2, streams=50, deadline=10.0)
async def unary_fifty_concurrent_calls(cell: Cell) -> None:
    """Fifty calls run at once on one connection, and each gets its own answer.

    Each is held back for 0.2 s: one after the other they would take longer than the case may.
    """
    keys = {f"key {number}": f"value {number}".encode() for number in range(50)}
    for key, value in keys.items():
        cell.put(key, value)
    for put in cell.calls:
        await put.ok()
    held = session_pb2.Directive(delay_ms=200)
    gets = {key: cell.get(key, directive=held) for key in keys}
    for key, get in gets.items():
        [response] = await get.ok()
        expect.equal(response.value, keys[key], f"value of {key}")


@case(covers=(Rpc.PUT, Rpc.GET), clause="service.md: Values", second_client=True)
async def unary_relay(cell: Cell) -> None:
    """What one language has put another reads bit by bit as it was, key and value, both ways."""
    key, value = UNICODE_KEYS[0], bytes(range(256))
    await cell.put(key, value).ok()
    await expect_value(cell.second, key, value)
    await cell.second.put(key, value[::-1]).ok()
    await expect_value(cell, key, value[::-1])


@case(covers=(Rpc.PUT, Rpc.GET, Rpc.INVENTORY), clause="service.md: Conformance mode")
async def unary_stores_are_apart(cell: Cell) -> None:
    """A store that a directive names has keys of its own; without a name it is the default one.

    The default store is every permutation's, so the key is of this permutation alone.
    """
    other = session_pb2.Directive(store="other")
    key = f"key of {cell.store}"
    await cell.put(key, b"mine").ok()
    for directive in (other, b""):
        expect_not_found(await cell.get(key, directive=directive).status(), key)
    await cell.put(key, b"other", directive=other).ok()
    await cell.put(key, b"default", directive=b"").ok()
    await expect_value(cell, key, b"mine")
    await cell.delete(key, directive=b"").ok()
    await expect_totals(cell, 1, 4)
