package dev.tofusoup.stock.listener

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall
import io.grpc.Metadata
import io.grpc.ServerCall
import io.grpc.Status

/** A call that may be ended by others than its handler: by a fault, by the drain. Whoever is first ends it, and what
  * comes later from anyone is passed over.
  */
final private[listener] class GuardedCall[Q, R](call: ServerCall[Q, R]) extends SimpleForwardingServerCall[Q, R](call):
  private var headersSent = false
  private var over = false

  override def sendHeaders(headers: Metadata): Unit = synchronized:
    if !over && !headersSent then
      headersSent = true
      super.sendHeaders(headers)

  override def sendMessage(message: R): Unit = synchronized:
    if !over then super.sendMessage(message)

  override def close(status: Status, trailers: Metadata): Unit = synchronized:
    if !over then
      over = true
      super.close(status, trailers)
