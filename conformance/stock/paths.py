"""The paths of the methods, for who calls them without a stub."""

from typing import Final

from conformance.runner.rpc import Rpc

_STOCK, _KV = "tofusoup.stock.Stock", "proto.KV"
PATHS: Final = {
    Rpc.GET: f"/{_STOCK}/Get",
    Rpc.PUT: f"/{_STOCK}/Put",
    Rpc.DELETE: f"/{_STOCK}/Delete",
    Rpc.INVENTORY: f"/{_STOCK}/Inventory",
    Rpc.MONITOR: f"/{_STOCK}/Monitor",
    Rpc.BATCH: f"/{_STOCK}/Batch",
    Rpc.TRADE: f"/{_STOCK}/Trade",
    Rpc.KV_GET: f"/{_KV}/Get",
    Rpc.KV_PUT: f"/{_KV}/Put",
}
