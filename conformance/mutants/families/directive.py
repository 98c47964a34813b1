"""Servers that end calls wrongly: statuses, metadata, deadlines and cancellation."""

import threading
import time
import traceback
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from conformance.mutants.mutant import Role, mutant, switch
from conformance.runner.config import Config, KeyType, Security
from proto import session_pb2, stock_pb2
from python import directive, guard
from python.directive import DirectedCall, DirectiveInterceptor
from python.store import Stores


@mutant(Role.SERVER, "status_each_code_*")
def renames_a_code() -> None:
    """UNAUTHENTICATED is sent as PERMISSION_DENIED."""
    directive.CODES[16] = grpc.StatusCode.PERMISSION_DENIED


# A client may take the message from the details.
@mutant(Role.SERVER, "status_message_unicode_*", disturbs=("status_rich_details_*",))
def sends_ascii_messages() -> None:
    """A status message loses what is not ASCII."""

    @switch(DirectedCall, "fail")
    def fail(original: Any, self: DirectedCall) -> Any:
        message = self._directive.fail.message
        self._directive.fail.message = message.encode("ascii", "replace").decode()
        original(self)


@mutant(Role.SERVER, "status_message_empty_*")
def makes_messages_up() -> None:
    """A status without a message gets one."""

    @switch(DirectedCall, "fail")
    def fail(original: Any, self: DirectedCall) -> Any:
        self._directive.fail.message = self._directive.fail.message or "unknown error"
        original(self)


@mutant(Role.SERVER, "status_rich_details_*")
def loses_details() -> None:
    """The details of a status are not sent."""

    @switch(DirectedCall, "fail")
    def fail(original: Any, self: DirectedCall) -> Any:
        self._directive.fail.details = b""
        original(self)


@mutant(
    Role.SERVER,
    "status_fail_after_k_*",
    "batch_early_failure",
    disturbs=("metadata_*_server_stream",),
)
def fails_one_later() -> None:
    """A call that is to fail after k messages fails after one more."""

    @switch(DirectedCall, "__init__")
    def init(original: Any, self: DirectedCall, asked: session_pb2.Directive, *rest: Any) -> None:
        if asked.fail.after:
            asked.fail.after += 1
        original(self, asked, *rest)


@mutant(Role.SERVER, "status_fail_instead_of_handler")
def fails_after_the_handler() -> None:
    """A unary call that is to fail runs its handler first."""

    @switch(DirectedCall, "unary")
    def unary(original: Any, self: DirectedCall, behaviour: Any, request: Any) -> Any:
        if self._directive.HasField("fail") and isinstance(request, stock_pb2.PutRequest):
            behaviour(request, self._context)
        return original(self, behaviour, request)


@mutant(Role.SERVER, "status_handler_throws_*")
def tells_its_trace() -> None:
    """A fault's message tells where in the program it was."""

    @switch(guard, "end")
    def end(original: Any, context: Any, fault: Exception) -> Any:
        if isinstance(fault, RuntimeError):
            context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc(limit=1))
        original(context, fault)


@mutant(Role.SERVER, "status_bad_directive_*")
def takes_bad_directives() -> None:
    """A directive that does not decode counts as none."""

    @switch(DirectiveInterceptor, "open")
    def open_call(original: Any, self: DirectiveInterceptor, context: Any, handler: Any) -> Any:
        sent = dict(context.invocation_metadata()).get(directive.KEY, b"")
        try:
            session_pb2.Directive.FromString(sent)
        except DecodeError:
            return None
        return original(self, context, handler)


@mutant(Role.SERVER, "metadata_trailers_with_error_*", disturbs=("metadata_*_server_stream",))
def loses_trailers_of_failures() -> None:
    """A call that fails sends no trailing metadata."""

    @switch(DirectedCall, "fail")
    def fail(original: Any, self: DirectedCall) -> Any:
        self._directive.ClearField("trailers")
        original(self)


@mutant(Role.SERVER, "metadata_duplicate_keys_in_order_*", "metadata_trailers_with_error_*")
def reverses_metadata() -> None:
    """The values of a name are sent in the reverse order."""

    @switch(directive, "pairs")
    def pairs(original: Any, entries: Any) -> Any:
        return original(entries)[::-1]


@mutant(Role.SERVER, "metadata_binary_echo_*", "metadata_trailers_with_error_*")
def cuts_binary_metadata() -> None:
    """A binary value ends at its first NUL."""

    @switch(directive, "pairs")
    def pairs(original: Any, entries: Any) -> Any:
        return tuple(
            (name, value.partition(b"\0")[0] if isinstance(value, bytes) else value)
            for name, value in original(entries)
        )


@mutant(Role.SERVER, "metadata_ascii_echo_*", disturbs=("metadata_*",))
def cuts_ascii_metadata() -> None:
    """Of a text value only what stands before a comma arrives."""

    @switch(directive, "pairs")
    def pairs(original: Any, entries: Any) -> Any:
        return tuple(
            (name, value.partition(",")[0] if isinstance(value, str) else value)
            for name, value in original(entries)
        )


@mutant(
    Role.SERVER,
    "metadata_headers_before_response_*",
    disturbs=("cancel_is_seen_by_server_*",),
)
def holds_headers_back() -> None:
    """Initial metadata is sent with the first response and not before."""

    @switch(DirectedCall, "_begin")
    def begin(original: Any, self: DirectedCall) -> None:
        self._directive.headers_first = False
        original(self)


@mutant(Role.SERVER, "metadata_nothing_reserved_leaks_*")
def echoes_directives() -> None:
    """Initial metadata holds the directive that the request came with."""

    @switch(DirectedCall, "__init__")
    def init(original: Any, self: DirectedCall, asked: session_pb2.Directive, *rest: Any) -> None:
        if asked.headers.entries:
            asked.headers.entries.add(name=directive.KEY, value=b"leaked")
        original(self, asked, *rest)


@mutant(Role.SERVER, "metadata_user_agent_present_*")
def hides_the_user_agent() -> None:
    """An observation leaves `user-agent` out."""

    @switch(directive, "metadata")
    def metadata(original: Any, entries: Any) -> Any:
        return original([entry for entry in entries if entry[0] != "user-agent"])


@mutant(Role.SERVER, "deadline_units_reach_server", "deadline_reaches_server_*")
def sees_whole_minutes() -> None:
    """Deadlines are seen in whole minutes."""

    @switch(directive, "observe")
    def observe(original: Any, context: Any) -> Any:
        observation = original(context)
        if observation.HasField("deadline_ns"):
            observation.deadline_ns -= observation.deadline_ns % 60_000_000_000
        return observation


@mutant(Role.SERVER, "deadline_frees_the_handler")
def does_not_let_go() -> None:
    """A handler that waits goes on waiting when its call has ended, and then works on."""

    class Stubborn(threading.Event):
        """Waits for its time, whatever happens."""

        def wait(self, timeout: float | None = None) -> bool:
            time.sleep(timeout or 0)
            return False

    @switch(DirectedCall, "__init__")
    def init(original: Any, self: DirectedCall, *arguments: Any) -> None:
        original(self, *arguments)
        self._over = Stubborn()


@mutant(
    Role.SERVER,
    "deadline_exceeded_*",
    "cancel_is_seen_by_server_*",
    "monitor_cancel_is_seen",
    "batch_cancel_keeps_applied",
    "cancel_after_first_bidi_stream",
)
def sees_no_cancellation() -> None:
    """The server takes a call that was cancelled or ran out of time for one that ended well."""

    @switch(directive, "was_cancelled")
    def was_cancelled(original: Any, context: Any) -> bool:
        return False


@mutant(Role.SERVER, "unary_stores_are_apart", disturbs=("*",))
def has_one_store() -> None:
    """All calls use the default store."""

    @switch(Stores, "use")
    def use(original: Any, self: Stores, name: str) -> None:
        original(self, "")


@mutant(
    Role.SERVER,
    "unary_fifty_concurrent_calls",
    disturbs=("cancel_is_of_one_call", "wait_for_ready_*"),
)
def reads_one_value_at_a_time() -> None:
    """Get serves one call after the other, whatever holds it up."""
    turn = threading.Lock()

    @switch(DirectedCall, "unary")
    def unary(original: Any, self: DirectedCall, behaviour: Any, request: Any) -> Any:
        if not isinstance(request, stock_pb2.GetRequest):
            return original(self, behaviour, request)
        with turn:
            return original(self, behaviour, request)


@mutant(Role.SERVER, "tls_identity_is_seen", config=Config(Security.MTLS, KeyType.P256))
def sees_no_identity() -> None:
    """The server does not see the client's certificate."""

    @switch(directive, "observe")
    def observe(original: Any, context: Any) -> Any:
        observation = original(context)
        observation.peer_certificate_pem = b""
        return observation
