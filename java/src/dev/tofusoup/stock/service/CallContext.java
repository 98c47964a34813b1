package dev.tofusoup.stock.service;

import dev.tofusoup.stock.store.Store;
import dev.tofusoup.stock.store.Stores;
import io.grpc.Context;

/** What the handlers find in a call's context beside gRPC's own. */
public final class CallContext {
  /** The store that the call works on; absent: the default one. */
  public static final Context.Key<Store> STORE = Context.key("stock-store");

  /** Sends the initial metadata, which gRPC would send with the first response. */
  public static final Context.Key<Runnable> SEND_HEADERS = Context.key("stock-send-headers");

  private CallContext() {}

  static Store store(Stores stores) {
    Store store = STORE.get();
    return store == null ? stores.named("") : store;
  }

  static void sendHeaders() {
    Runnable send = SEND_HEADERS.get();
    if (send != null) {
      send.run();
    }
  }
}
