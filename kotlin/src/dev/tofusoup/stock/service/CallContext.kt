package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Store
import dev.tofusoup.stock.store.Stores
import io.grpc.Context

/** What the handlers find in a call's context beside gRPC's own. */
object CallContext {
    /** The store that the call works on; absent: the default one. */
    val STORE: Context.Key<Store> = Context.key("stock-store")

    /** Sends the initial metadata, which gRPC would send with the first response. */
    val SEND_HEADERS: Context.Key<() -> Unit> = Context.key("stock-send-headers")

    internal fun store(stores: Stores): Store = STORE.get() ?: stores.named("")

    internal fun sendHeaders() {
        SEND_HEADERS.get()?.invoke()
    }
}
