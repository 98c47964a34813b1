// The handlers of proto.KV, the older service, over the same stores as Stock.

import type { KVServer } from "../../stock_grpc/proto/kv.js";
import type { Handlers } from "./handlers.js";

/** The handlers of KV. */
export function kvHandlers(handlers: Handlers): KVServer {
  return {
    get: handlers.unary((request, store) => ({ value: store.get(request.key) })),
    put: handlers.unary((request, store) => {
      store.put(request.key, request.value);
      return {};
    }),
  };
}
