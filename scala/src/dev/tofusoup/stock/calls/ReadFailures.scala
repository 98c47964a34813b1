package dev.tofusoup.stock.calls

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.Status
import io.grpc.StatusRuntimeException

/** Gives a call whose response cannot be read the reason as its status: one that is too large when it is decompressed is
  * RESOURCE_EXHAUSTED. The library says CANCELLED, with the reason as cause.
  */
private[calls] object ReadFailures extends ClientInterceptor:
  override def interceptCall[Q, R](
      method: MethodDescriptor[Q, R],
      options: CallOptions,
      next: Channel
  ): ClientCall[Q, R] = Forwarding(next.newCall(method, options))

  final private class Forwarding[Q, R](call: ClientCall[Q, R]) extends SimpleForwardingClientCall[Q, R](call):
    override def start(listener: ClientCall.Listener[R], headers: Metadata): Unit =
      super.start(Reasonable(listener), headers)

  final private class Reasonable[R](listener: ClientCall.Listener[R])
      extends SimpleForwardingClientCallListener[R](listener):
    override def onClose(status: Status, trailers: Metadata): Unit =
      val told = (status.getCode, status.getCause) match
        case (Status.Code.CANCELLED, reason: StatusRuntimeException) => reason.getStatus
        case _ => status
      super.onClose(told, trailers)
