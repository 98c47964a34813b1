"""Peers that are wrong in what they compress, in what they take for compressed, and in what a limit counts."""

from collections.abc import Iterator
from typing import Any

from conformance.mutants.families.tls import before, end_relays
from conformance.mutants.flags import UnflaggingRelay
from conformance.mutants.mutant import Role, mutant, switch
from conformance.runner.ends import Endpoint
from proto import session_pb2
from python import calls, listener
from python.directive import DirectedCall
from python.listener import Binding, Listener
from python.session import call
from python.session import server as session_server

# What C-core does by itself (python/known_failing.toml), and so does every mutant of its servers.
OF_THE_LIBRARY = ("compression_not_accepted", "compression_unknown_encoding*")


@mutant(Role.CLIENT, "compression_gzip_request_*")
def sends_requests_as_they_are() -> None:
    """No request is compressed."""
    _compress_requests(lambda start: False)


@mutant(Role.CLIENT, "compression_gzip_request_*")
def compresses_every_request() -> None:
    """All requests are compressed, whether that was asked for or not."""
    _compress_requests(lambda start: True)


def _compress_requests(compresses: Any) -> None:
    @switch(call, "call_arguments")
    def call_arguments(original: Any, start: session_pb2.Start) -> dict[str, Any]:
        own = session_pb2.Start()
        own.CopyFrom(start)
        own.compress = compresses(start)
        arguments: dict[str, Any] = original(own)
        return arguments


@mutant(
    Role.SERVER,
    "compression_gzip_response_*",
    "compression_not_accepted",
    disturbs=OF_THE_LIBRARY,
)
def answers_as_it_is() -> None:
    """No response is compressed."""
    _compress_responses(asked=False)


@mutant(
    Role.SERVER,
    "compression_gzip_response_*",
    "compression_not_accepted",
    # They read an answer themselves.
    disturbs=(*OF_THE_LIBRARY, "compression_flag_*", "compression_corrupt_request"),
)
def compresses_unasked() -> None:
    """All responses are compressed, whether the directive asks for it or not."""
    _compress_responses(asked=True)


def _compress_responses(*, asked: bool) -> None:
    @switch(DirectedCall, "__init__")
    def init(original: Any, self: DirectedCall, directive: Any, *rest: Any) -> None:
        directive.compress = asked
        original(self, directive, *rest)


@mutant(Role.SERVER, "compression_request_is_seen_*", disturbs=OF_THE_LIBRARY)
def claims_to_see_encodings() -> None:
    """The server claims an ability that it does not have."""
    supports: tuple[str, ...] = (*session_server.SUPPORTS, "observe_encoding")
    vars(session_server)["SUPPORTS"] = supports


@mutant(
    Role.SERVER,
    "compression_gzip_stream",
    "compression_gzip_response_bidi_stream",
    disturbs=OF_THE_LIBRARY,
)
def repeats_what_it_has_compressed() -> None:
    """A compressed stream gives its first response again in the place of each later one."""

    @switch(DirectedCall, "stream")
    def stream(original: Any, self: DirectedCall, *arguments: Any) -> Iterator[Any]:
        first = None
        for response in original(self, *arguments):
            first = first or response
            yield first if self._directive.compress else response


@mutant(
    Role.SERVER,
    "compression_gzip_request_*",
    "compression_gzip_stream",
    "compression_limit_of_requests",
    "compression_flag_of_each_message",
    "compression_flag_without_encoding",
    "compression_corrupt_request",
    disturbs=OF_THE_LIBRARY,
)
def ignores_the_flag() -> None:
    """The server takes every request for uncompressed, whatever its flag says."""

    @switch(Listener, "_bind")
    def bind(original: Any, self: Listener, address: str, binding: Binding) -> int:
        port = original(self, address, binding)
        return before(self, UnflaggingRelay(Endpoint(address, port, 0)))

    end_relays()


@mutant(
    Role.SERVER,
    "compression_unknown_encoding*",
    "compression_gzip_request_*",
    "compression_flag_of_each_message",
    disturbs=(*OF_THE_LIBRARY, "compression_*"),
)
def knows_no_gzip() -> None:
    """The server reads no encoding but `identity`, and says so."""
    _option(listener, "server_options", ("grpc.compression_enabled_algorithms_bitset", 1))


@mutant(
    Role.SERVER,
    "compression_limit_of_requests",
    disturbs=(*OF_THE_LIBRARY, "limits_*"),
)
def counts_what_is_on_the_wire() -> None:
    """A request that is small when it is compressed may be as large as it likes."""
    _option(listener, "server_options", ("grpc.max_receive_message_length", -1))


@mutant(Role.CLIENT, "compression_limit_of_responses", disturbs=("limits_*",))
def reads_what_is_small_on_the_wire() -> None:
    """A response that is small when it is compressed may be as large as it likes."""
    _option(calls, "channel_options", ("grpc.max_receive_message_length", -1))


def _option(module: Any, name: str, option: tuple[str, int]) -> None:
    """Puts an option in the place of the one of its name."""

    @switch(module, name)
    def options(original: Any, *arguments: Any) -> list[tuple[str, Any]]:
        return [*(other for other in original(*arguments) if other[0] != option[0]), option]
