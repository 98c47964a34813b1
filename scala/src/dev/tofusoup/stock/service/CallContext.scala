package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Store
import dev.tofusoup.stock.store.Stores
import io.grpc.Context

/** What the handlers find in a call's context beside gRPC's own. */
object CallContext:
  /** The store that the call works on; absent: the default one. */
  val StoreKey: Context.Key[Store] = Context.key("stock-store")

  /** Sends the initial metadata, which gRPC would send with the first response. */
  val SendHeaders: Context.Key[() => Unit] = Context.key("stock-send-headers")

  private[service] def store(stores: Stores): Store = Option(StoreKey.get()).getOrElse(stores.named(""))

  private[service] def sendHeaders(): Unit = Option(SendHeaders.get()).foreach(send => send())
