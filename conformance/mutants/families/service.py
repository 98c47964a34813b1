"""Servers whose handlers are wrong: when they read, apply, answer, and what they say of themselves."""

import itertools
from typing import Any

import grpc

from conformance.mutants.mutant import Role, mutant, switch
from python.service import KvService, StockService
from python.store import MissingKeyError, Stores, is_key


@mutant(Role.SERVER, "batch_invalid_item_counted", "batch_events_in_order")
def ends_batches_at_an_invalid_key() -> None:
    """An item with an invalid key ends the batch."""

    @switch(StockService, "Batch")
    def batch(original: Any, self: StockService, items: Any, context: Any) -> Any:
        return original(self, itertools.takewhile(lambda item: is_key(item.key), items), context)


@mutant(
    Role.SERVER,
    "batch_applies_on_arrival",
    "batch_cancel_keeps_applied",
    "batch_early_failure",
    disturbs=("monitor_slow_subscriber_ends", "malformed_item_keeps_applied"),
)
def applies_batches_at_their_end() -> None:
    """The items of a batch are applied when the requests have ended."""

    @switch(StockService, "Batch")
    def batch(original: Any, self: StockService, items: Any, context: Any) -> Any:
        return original(self, [*items], context)


@mutant(
    Role.SERVER,
    "batch_summary",
    "batch_thousand_items",
    "batch_invalid_item_counted",
    disturbs=("batch_events_in_order", "batch_applies_on_arrival"),
)
def counts_keys_as_written() -> None:
    """A batch's bytes are those of its keys too."""

    @switch(StockService, "_apply")
    def apply(original: Any, self: StockService, item: Any, summary: Any) -> None:
        before = summary.successful
        original(self, item, summary)
        if summary.successful > before:
            summary.bytes_written += len(item.key.encode())


@mutant(Role.SERVER, "batch_empty")
def refuses_empty_batches() -> None:
    """A batch without items is INVALID_ARGUMENT."""

    @switch(StockService, "Batch")
    def batch(original: Any, self: StockService, items: Any, context: Any) -> Any:
        summary = original(self, items, context)
        if not summary.total_items:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "empty batch")
        return summary


@mutant(Role.SERVER, "unary_kv_shares_store", "monitor_sees_kv", "unary_kv_missing")
def gives_kv_a_store_of_its_own() -> None:
    """The older service keeps its values apart from Stock's."""

    @switch(KvService, "__init__")
    def init(original: Any, self: KvService, stores: Stores) -> None:
        original(self, Stores())


@mutant(Role.SERVER, "unary_inventory_metadata", "tls_handshake")
def says_it_is_secure() -> None:
    """Inventory says `tls` of every connection."""

    @switch(StockService, "Inventory")
    def inventory(original: Any, self: StockService, request: Any, context: Any) -> Any:
        status = original(self, request, context)
        status.metadata["security"] = "tls"
        return status


class Silent:
    """A call's context that sends no initial metadata of its own accord."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def send_initial_metadata(self, _: Any) -> None:
        """Sends nothing."""


@mutant(
    Role.SERVER,
    "monitor_headers_at_once",
    # Whoever waits for initial metadata before the first change waits for ever.
    disturbs=(
        "monitor_*",
        "batch_*",
        "trade_*",
        "status_*",
        "metadata_*",
        "cancel_*",
        "wait_for_ready_until_served",
    ),
)
def sends_headers_with_the_first_event() -> None:
    """Monitor's initial metadata waits for the first event."""

    @switch(StockService, "Monitor")
    def monitor(original: Any, self: StockService, request: Any, context: Any) -> Any:
        return original(self, request, Silent(context))


@mutant(
    Role.SERVER,
    "unary_get_missing",
    "unary_delete_missing",
    "unary_kv_missing",
    disturbs=("unary_*",),
)
def says_less_of_a_missing_key() -> None:
    """NOT_FOUND does not name the key."""

    @switch(MissingKeyError, "__str__")
    def text(original: Any, self: MissingKeyError) -> str:
        return "?"
