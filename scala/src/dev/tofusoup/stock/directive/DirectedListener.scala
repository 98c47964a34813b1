package dev.tofusoup.stock.directive

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener
import io.grpc.ServerCall

/** Hands the events of a directed call to its handler, which hears no more of one that has failed. */
final private[directive] class DirectedListener[Q](
    call: DirectedCall[Q, ?],
    observer: Observer,
    handler: ServerCall.Listener[Q]
) extends SimpleForwardingServerCallListener[Q](handler):
  override def onMessage(message: Q): Unit =
    if !call.hasFailed then
      observer.read()
      super.onMessage(message)
      call.countRead()

  override def onHalfClose(): Unit =
    if !call.hasFailed then super.onHalfClose()

  override def onCancel(): Unit =
    observer.ended(cancelled = true)
    super.onCancel()

  override def onComplete(): Unit =
    observer.ended(cancelled = false)
    super.onComplete()
