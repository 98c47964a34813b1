"""What a case is given: a client, a server and a store of its own to call."""

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from google.protobuf.message import Message

from conformance.runner.call import Call, add_requests
from conformance.runner.config import Config
from conformance.runner.ends import ChannelChanges, Endpoint, ListenerChanges, Program
from conformance.runner.rpc import STREAMS_REQUESTS, Rpc
from conformance.runner.transcript import DIRECTIVE
from proto import kv_pb2, session_pb2, stock_pb2

if TYPE_CHECKING:
    import grpc

    from conformance.runner.identities import Material
    from conformance.runner.link import Link


class CallOptions(TypedDict, total=False):
    """How a call is started."""

    # What the server does to it; `store` and `tag` are made this permutation's own. Bytes are sent
    # as they are.
    directive: session_pb2.Directive | bytes
    # Request metadata, in order; text is ASCII.
    metadata: Iterable[tuple[str, str | bytes]]
    # Deadline in seconds; without it the call has none.
    timeout: float
    wait_for_ready: bool
    # Whether the requests are compressed with gzip.
    compress: bool
    # Whether the requests end at once: by default only where the method takes exactly one.
    half_close: bool
    # Responses that may be read before `receive`; 0 = all, as fast as possible.
    credit: int
    # Another channel than the cell's own, from `open_channel`.
    channel: int


class Cell:
    """A client, a server and a config, with a store of this permutation's own.

    Whatever a case opens here is closed for it when it has ended.
    """

    __slots__ = (
        "_calls",
        "_chance",
        "_directive",
        "_link",
        "_notes",
        "_opened",
        "_second",
        "_seed",
        "store",
        "uses_grpc",
    )

    def __init__(
        self, link: "Link", store: str, second: "Link | None" = None, seed: str = ""
    ) -> None:
        # Name of the store that every call of this permutation uses.
        self.store = store
        self._seed = seed
        self._chance: random.Random | None = None
        self._link = link
        self._directive = session_pb2.Directive(store=store).SerializeToString()
        self._notes: list[str] = []
        self._calls: list[Call[Any]] = []
        self._opened: list[int | Endpoint] = []
        self._second = Cell(second, store) if second else None
        # Whether the runner itself has called by a gRPC library, whose TLS stack is not Python's.
        self.uses_grpc = False

    @property
    def client(self) -> Program:
        """The client's program."""
        return self._link.client_program

    @property
    def server(self) -> Program:
        """The server's program."""
        return self._link.server_program

    @property
    def config(self) -> Config:
        """Security and key type of the cell's own channel and listener."""
        return self._link.config

    @property
    def endpoint(self) -> Endpoint:
        """The cell's own listener."""
        return self._link.endpoint

    @property
    def material(self) -> "Material":
        """Authority, roots and identities of the cell; ValueError in plaintext, which has none."""
        if self._link.material is None:
            raise ValueError("a plaintext cell has no TLS material")
        return self._link.material

    @property
    def credentials(self) -> "grpc.ChannelCredentials | None":
        """For the runner's own client: with the client's identity in mTLS, None in plaintext."""
        self.uses_grpc = True
        return self._link.grpc_credentials()

    @property
    def chance(self) -> random.Random:
        """Random choices of the permutation's own: the same in every run that has the same seed."""
        if self._chance is None:
            self._chance = random.Random(self._seed)
        return self._chance

    @property
    def second(self) -> "Cell":
        """The same server, config and store for the client of a third language.

        It has a channel of its own, also where both clients are one program. Which language it is
        is the plan's choice (`second.py`). ValueError unless the case is declared with
        `second_client`.
        """
        if self._second is None:
            raise ValueError("the case is not declared with second_client=True")
        return self._second

    @property
    def calls(self) -> tuple[Call[Any], ...]:
        """All calls started so far, in order; the second client's are its own."""
        return tuple(self._calls)

    @property
    def transcript(self) -> str:
        """The case's notes, its seed, and what the calls sent and got, client by client."""
        lines = [*self._notes]
        if self._chance is not None:
            lines.append(f"random choices: from {self._seed!r}, whose number is --seed")
        if self._second is not None:
            lines.append(f"the {self.client.language} client:")
        lines += [call.transcript for call in self._calls]
        if self._second is not None:
            lines += [f"the {self._second.client.language} client:", self._second.transcript]
        return "\n".join(lines)

    def move(self, link: "Link", second: "Link | None") -> None:
        """Goes over to another server and its channels, before the first call; for the engine."""
        self._link = link
        if self._second is not None and second is not None:
            self._second.move(second, None)

    def note(self, text: str) -> None:
        """Adds what the transcript should tell beside the calls."""
        self._notes.append(text)

    # Calls. Starting one only queues a frame.

    def start(self, rpc: Rpc, *requests: Message, **options: Unpack[CallOptions]) -> Call[Any]:
        """Starts a call of any method with requests of its type."""
        command = session_pb2.Command()
        start = command.start
        start.channel = self._link.channel
        start.rpc = rpc.value
        start.half_close = rpc not in STREAMS_REQUESTS
        add_requests(start.requests, rpc, requests)
        directive = options.get("directive")
        self._link.expect_obeyed(directive)
        if not self._link.alone:
            value = self._directive_bytes(directive)
            start.metadata.entries.add(name=DIRECTIVE, value=value)
        if options:
            _apply(options, start)
        call: Call[Any] = self._link.client.start(rpc, command)
        self._calls.append(call)
        return call

    def get(self, key: str, **options: Unpack[CallOptions]) -> Call[stock_pb2.GetResponse]:
        """Starts Stock/Get."""
        return self.start(Rpc.GET, stock_pb2.GetRequest(key=key), **options)

    def put(self, key: str, value: bytes, **options: Unpack[CallOptions]) -> Call[stock_pb2.Empty]:
        """Starts Stock/Put."""
        return self.start(Rpc.PUT, stock_pb2.PutRequest(key=key, value=value), **options)

    def delete(self, key: str, **options: Unpack[CallOptions]) -> Call[stock_pb2.Empty]:
        """Starts Stock/Delete."""
        return self.start(Rpc.DELETE, stock_pb2.DeleteRequest(key=key), **options)

    def inventory(self, **options: Unpack[CallOptions]) -> Call[stock_pb2.InventoryStatus]:
        """Starts Stock/Inventory."""
        return self.start(Rpc.INVENTORY, stock_pb2.InventoryRequest(), **options)

    def monitor(
        self, prefix: str = "", **options: Unpack[CallOptions]
    ) -> Call[stock_pb2.WatchEvent]:
        """Starts Stock/Monitor; once `headers` have come, every later change is delivered."""
        return self.start(Rpc.MONITOR, stock_pb2.WatchRequest(key_prefix=prefix), **options)

    def batch(
        self, *items: stock_pb2.BatchItem, **options: Unpack[CallOptions]
    ) -> Call[stock_pb2.BatchSummary]:
        """Starts Stock/Batch, open for more items unless `half_close` is given."""
        return self.start(Rpc.BATCH, *items, **options)

    def trade(
        self, *orders: stock_pb2.TradeOrder, **options: Unpack[CallOptions]
    ) -> Call[stock_pb2.TradeFill]:
        """Starts Stock/Trade, open for more orders unless `half_close` is given."""
        return self.start(Rpc.TRADE, *orders, **options)

    def kv_get(self, key: str, **options: Unpack[CallOptions]) -> Call[kv_pb2.GetResponse]:
        """Starts KV/Get."""
        return self.start(Rpc.KV_GET, kv_pb2.GetRequest(key=key), **options)

    def kv_put(self, key: str, value: bytes, **options: Unpack[CallOptions]) -> Call[kv_pb2.Empty]:
        """Starts KV/Put."""
        return self.start(Rpc.KV_PUT, kv_pb2.PutRequest(key=key, value=value), **options)

    def absent_get(self, key: str, **options: Unpack[CallOptions]) -> Call[stock_pb2.GetResponse]:
        """Starts Get of the service that nobody serves."""
        return self.start(Rpc.ABSENT_GET, stock_pb2.GetRequest(key=key), **options)

    async def observation(self, tag: str) -> session_pb2.Observation:
        """What the server saw of the call whose directive has this tag, once it has ended."""
        return await self._link.server.observation(self._own(tag))

    def has_observed(self, tag: str) -> bool:
        """Whether the server has told already of a call whose directive has this tag."""
        return self._link.server.has_observed(self._own(tag))

    # Channels and listeners beside the cell's own.

    def open_channel(self, **changes: Unpack[ChannelChanges]) -> int:
        """Opens another channel of the client; without changes it is like the cell's own."""
        channel = self._link.client.open_channel(self._link.channel_command(changes))
        self._opened.append(channel)
        return channel

    def close_channel(self, channel: int) -> None:
        """Closes a channel, which cancels its calls."""
        self._opened.remove(channel)
        self._link.client.close_channel(channel)

    async def listen(self, **changes: Unpack[ListenerChanges]) -> Endpoint:
        """Opens another listener of the server; Mismatch where the server refuses to."""
        endpoint = await self._link.server.listen(self._link.listen_command(changes))
        self._opened.append(endpoint)
        return endpoint

    async def stop(self, endpoint: Endpoint, grace: float = 0.0) -> None:
        """Drains a listener from `listen`; returns once its calls have ended."""
        self._opened.remove(endpoint)
        await self._link.server.stop(endpoint.listener, grace)

    def close(self) -> None:
        """Cancels and closes what the case left open; for the engine."""
        for call in self._calls:
            if not call.ended:
                call.abandon()
        for opened in self._opened:
            if isinstance(opened, Endpoint):
                self._link.server.send_stop(opened.listener)
            else:
                self._link.client.close_channel(opened)
        self._opened.clear()
        if self._second is not None:
            self._second.close()

    def _own(self, name: str) -> str:
        return f"{self.store}/{name}"

    def _directive_bytes(self, directive: session_pb2.Directive | bytes | None) -> bytes:
        if directive is None:
            return self._directive
        if isinstance(directive, bytes):
            return directive
        own = session_pb2.Directive()
        own.CopyFrom(directive)
        own.store = self._own(directive.store) if directive.store else self.store
        if directive.tag:
            own.tag = self._own(directive.tag)
        return own.SerializeToString()


def _apply(options: CallOptions, start: session_pb2.Start) -> None:
    for name, value in options.get("metadata", ()):
        encoded = value.encode("ascii") if isinstance(value, str) else value
        start.metadata.entries.add(name=name, value=encoded)
    if timeout := options.get("timeout"):
        start.timeout_ns = round(timeout * 1e9)
    start.channel = options.get("channel", start.channel)
    start.half_close = options.get("half_close", start.half_close)
    start.wait_for_ready = options.get("wait_for_ready", False)
    start.compress = options.get("compress", False)
    start.credit = options.get("credit", 0)
