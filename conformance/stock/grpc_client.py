"""The runner's own gRPC client, for what no Stock stub can say: health, reflection, no method."""

import contextlib
import functools
from collections.abc import AsyncIterator
from typing import Final

import grpc
import grpc.aio

from conformance.runner import expect
from conformance.runner.cell import Cell
from conformance.runner.ends import Endpoint
from conformance.runner.status_code import Code

# No proxy of the environment, no connection shared with another case.
_OPTIONS: Final = (("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1))


@contextlib.asynccontextmanager
async def open_channel(
    cell: Cell, endpoint: Endpoint | None = None
) -> AsyncIterator[grpc.aio.Channel]:
    """A channel of its own to the cell's server, or another endpoint, secured as the cell is."""
    _keep_polling()
    target = (endpoint or cell.endpoint).target
    credentials = cell.credentials
    if credentials is None:
        opened = grpc.aio.insecure_channel(target, _OPTIONS)
    else:
        opened = grpc.aio.secure_channel(target, credentials, _OPTIONS)
    async with opened as channel:
        yield channel


@functools.cache
def _keep_polling() -> None:
    """Keeps what reads the connections alive for as long as the process lives.

    The library ends it with the last channel, also if a connection of that is still closing: the
    server would see it open until the runner has ended, and wait for it.
    """
    grpc.aio.init_grpc_aio()


async def expect_code(call: grpc.aio.Call, code: Code) -> None:
    """Expects how a call ends, once it has."""
    actual = await call.code()
    expect.equal(actual.name, code.name, f"status ({await call.details()!r})")
