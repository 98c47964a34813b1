"""Clients that are wrong: in the time they allow, in what they wait for and cancel, in whom they verify."""

import dataclasses
from typing import Any

import grpc

from conformance.mutants.mutant import Role, mutant, switch
from conformance.runner.config import Config, KeyType, Security
from conformance.runner.transcript import DIRECTIVE
from proto import session_pb2
from python.calls import Endpoint
from python.session import call, client, report
from python.session.call import UnaryCall
from python.session.client import ClientSession
from python.session.methods import Method
from python.session.report import Report


@mutant(
    Role.CLIENT,
    "deadline_short_not_shortened_*",
    disturbs=("deadline_already_passed_*",),
)
def rounds_deadlines_down() -> None:
    """A deadline of less than 100 ms is rounded down to 50 ms, or to none."""

    @switch(call, "call_arguments")
    def call_arguments(original: Any, start: session_pb2.Start) -> dict[str, Any]:
        arguments: dict[str, Any] = original(start)
        if 0 < arguments.get("timeout", 0) < 0.1:
            arguments["timeout"] = arguments["timeout"] // 0.05 / 20
        return arguments


@mutant(
    Role.CLIENT,
    "monitor_deadline_ends_stream",
    "deadline_exceeded_*",
    "deadline_already_passed_*",
    "deadline_short_not_shortened_*",
    "deadline_frees_the_handler",
    disturbs=(
        "status_each_code_*",
        "monitor_*",
        "batch_*",
        "cancel_*",
        "wait_for_ready_*",
    ),
)
def takes_a_deadline_for_a_fault() -> None:
    """A call whose deadline has passed is said to have ended for unknown reasons."""
    # The server's reset for the same deadline may come first, and is a cancellation.
    _renames(grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


@mutant(
    Role.CLIENT,
    "cancel_before_response_*",
    "cancel_after_first_*",
    "cancel_is_seen_by_server*",
    "cancel_is_of_one_call",
    "batch_cancel_keeps_applied",
    "monitor_cancel_is_seen",
    disturbs=("status_each_code_*", "unary_*", "monitor_*", "batch_*"),
)
def takes_a_cancellation_for_a_fault() -> None:
    """A call that was cancelled is said to have ended for unknown reasons."""
    _renames(grpc.StatusCode.CANCELLED)


def _renames(*wrong: grpc.StatusCode) -> None:
    """Has a client tell UNKNOWN where other statuses came."""

    def status_of(original: Any, code: grpc.StatusCode, *rest: Any) -> session_pb2.Status:
        told = grpc.StatusCode.UNKNOWN if code in wrong else code
        status: session_pb2.Status = original(told, *rest)
        return status

    switch(report, "status_of")(status_of)
    # Imported by name.
    switch(call, "status_of")(status_of)


@mutant(Role.CLIENT, "wait_for_ready_*")
def does_not_wait() -> None:
    """A call that is to wait for a server fails without one."""

    @switch(call, "call_arguments")
    def call_arguments(original: Any, start: session_pb2.Start) -> dict[str, Any]:
        return {k: v for k, v in original(start).items() if k != "wait_for_ready"}


@mutant(Role.CLIENT, "cancel_is_of_one_call")
def cancels_two_reads() -> None:
    """Cancelling a Get cancels the Get that was started before it too."""
    last: list[UnaryCall] = []
    before: dict[UnaryCall, UnaryCall] = {}

    @switch(UnaryCall, "__init__")
    def init(original: Any, self: UnaryCall, method: Method, *rest: Any) -> None:
        original(self, method, *rest)
        if method.field == "get":
            if last:
                before[self] = last.pop()
            last.append(self)

    @switch(UnaryCall, "cancel")
    def cancel(original: Any, self: UnaryCall) -> None:
        original(self)
        if self in before:
            original(before[self])


@mutant(Role.CLIENT, "cancel_after_the_end_*")
def cancels_the_next_call() -> None:
    """Cancelling a call that was aborted cancels the one that is started next on its store."""
    aborted: set[int] = set()
    stores: dict[int, str] = {}
    late: set[str] = set()

    @switch(Report, "_add")
    def add(original: Any, self: Report, fill: Any, *rest: Any) -> None:
        told = session_pb2.Events()
        fill(told)
        if told.status.code == grpc.StatusCode.ABORTED.value[0]:
            aborted.add(self._call)
        original(self, fill, *rest)

    @switch(ClientSession, "__init__")
    def init(original: Any, self: ClientSession, *arguments: Any) -> None:
        original(self, *arguments)
        right = self._handlers["cancel"]

        def cancel(command: session_pb2.Cancel) -> None:
            right(command)
            if command.call in aborted:
                late.add(stores[command.call])

        self._handlers["cancel"] = cancel

    @switch(ClientSession, "_start")
    def start(original: Any, self: ClientSession, command: session_pb2.Start) -> None:
        store = stores[command.call] = _store(command)
        original(self, command)
        started = self._calls.get(command.call)
        if store in late and started is not None:
            late.remove(store)
            started.cancel()


def _store(start: session_pb2.Start) -> str:
    """The store that a call is directed to."""
    values = [entry.value for entry in start.metadata.entries if entry.name == DIRECTIVE]
    return session_pb2.Directive.FromString(values[0]).store if values else ""


@mutant(Role.CLIENT, "tls_handshake_by_address", config=Config(Security.MTLS, KeyType.P256))
def verifies_no_address() -> None:
    """Without a server name the certificate is verified against a name of the client's own."""

    @switch(client, "endpoint_of")
    def endpoint_of(original: Any, command: session_pb2.OpenChannel) -> Endpoint:
        endpoint: Endpoint = original(command)
        return dataclasses.replace(endpoint, server_name=endpoint.server_name or "stock.invalid")
