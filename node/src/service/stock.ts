// The handlers of tofusoup.stock.Stock.

import { status as Code } from "@grpc/grpc-js";
import {
  type BatchItem,
  type BatchSummary,
  WatchEvent_EventType as EventType,
  type StockServer,
  type TradeOrder,
  type WatchEvent,
} from "../../stock_grpc/proto/stock.js";
import { StatusError } from "../fault.js";
import type { Store } from "../store/store.js";
import type { StoreEvent } from "../store/subscription.js";
import type { Handlers, Reader } from "./handlers.js";

/** What Inventory says of the server beside the totals. */
export interface Description {
  readonly version: string;
  /** Reading of the process' monotonic clock, in milliseconds. */
  readonly started: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The handlers of Stock. */
export function stockHandlers(handlers: Handlers, description: Description): StockServer {
  return {
    get: handlers.unary((request, store) => ({ value: store.get(request.key) })),
    put: handlers.unary((request, store) => {
      store.put(request.key, request.value);
      return {};
    }),
    delete: handlers.unary((request, store) => {
      store.delete(request.key);
      return {};
    }),
    inventory: handlers.unary((_request, store) => inventory(store, description)),
    monitor: handlers.serverStream((request, store, ending) => monitor(store, request.keyPrefix, ending)),
    batch: handlers.clientStream((store) => batch(store)),
    trade: handlers.answers((order, store) => trade(store, order), { endsAtDrain: false }),
  };
}

function inventory(store: Store, description: Description) {
  const { items, bytes } = store.totals();
  return {
    totalItems: BigInt(items),
    totalBytes: BigInt(bytes),
    uptimeSeconds: BigInt(Math.floor((performance.now() - description.started) / 1000)),
    serverVersion: description.version,
    metadata: { ...description.metadata },
  };
}

/** Subscribes at once: whoever has seen the initial metadata misses nothing. */
function monitor(store: Store, prefix: string, ending: AbortSignal): AsyncIterable<WatchEvent> {
  const subscription = store.subscribe(prefix);
  ending.addEventListener("abort", () => subscription.close(), { once: true });
  return (async function* () {
    for await (const event of subscription) {
      yield watchEvent(event);
    }
    ending.throwIfAborted();
    if (subscription.overflowed) {
      throw new StatusError(Code.RESOURCE_EXHAUSTED, "subscriber too slow");
    }
  })();
}

/** Stores the items as they arrive; an invalid key does not stop the rest. */
function batch(store: Store): Reader<BatchItem, BatchSummary> {
  const summary: BatchSummary = { totalItems: 0, successful: 0, failed: 0, bytesWritten: 0n };
  return {
    read({ key, value }) {
      summary.totalItems += 1;
      try {
        store.put(key, value);
      } catch {
        summary.failed += 1;
        return;
      }
      summary.successful += 1;
      summary.bytesWritten += BigInt(value.length);
    },
    end: () => summary,
  };
}

function trade(store: Store, { type, symbol, quantity }: TradeOrder) {
  const fill = store.trade({ kind: type, symbol, quantity });
  return {
    success: fill.done,
    symbol,
    quantityFilled: fill.quantity,
    message: fill.message,
    timestamp: fill.timestamp,
  };
}

function watchEvent({ deleted, key, value, timestamp }: StoreEvent): WatchEvent {
  return { type: deleted ? EventType.DELETE : EventType.PUT, key, value, timestamp };
}
