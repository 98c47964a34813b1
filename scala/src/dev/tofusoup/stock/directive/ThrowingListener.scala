package dev.tofusoup.stock.directive

import io.grpc.ServerCall

/** A handler that throws the language's ordinary exception at the first event of its call. */
final private[directive] class ThrowingListener[Q] extends ServerCall.Listener[Q]:
  private var thrown = false

  override def onReady(): Unit = throwOnce()

  override def onMessage(message: Q): Unit = throwOnce()

  override def onHalfClose(): Unit = throwOnce()

  private def throwOnce(): Unit =
    if !thrown then
      thrown = true
      throw IllegalStateException("thrown for a directive")
