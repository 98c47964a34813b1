package dev.tofusoup.stock.service

import com.google.common.util.concurrent.MoreExecutors
import dev.tofusoup.stock.store.Change
import dev.tofusoup.stock.store.Store
import dev.tofusoup.stock.store.Subscription
import io.grpc.Status
import io.grpc.stub.ServerCallStreamObserver
import java.util.concurrent.Executor
import scala.annotation.tailrec
import tofusoup.stock.WatchEvent
import tofusoup.stock.WatchEvent.EventType

/** One call of Monitor: sends changes while its peer has room for them. */
final private[service] class Monitor(call: ServerCallStreamObserver[WatchEvent], executor: Executor):
  private val sequential = MoreExecutors.newSequentialExecutor(executor)
  @volatile private var subscription = Option.empty[Subscription]
  private var over = false

  /** Subscribes; whoever has seen the initial metadata misses nothing. */
  def start(store: Store, prefix: String): Unit = store.subscribe(prefix)(() => wake()) match
    case Left(error) => call.onError(statusOf(error))
    case Right(subscribed) =>
      subscription = Some(subscribed)
      call.setOnReadyHandler(() => wake())
      call.setOnCancelHandler(() => end(subscribed))
      call.setOnCloseHandler(() => end(subscribed))
      CallContext.sendHeaders()
      wake()

  private def wake(): Unit = sequential.execute(() => subscription.foreach(deliver))

  private def end(subscribed: Subscription): Unit =
    subscribed.close()
    sequential.execute(() => over = true)

  /** Runs in sequence, as all that uses the call. */
  private def deliver(subscribed: Subscription): Unit =
    send(subscribed)
    if !over && subscribed.overflown then
      over = true
      call.onError(Status.RESOURCE_EXHAUSTED.withDescription("subscriber too slow").asException)

  @tailrec
  private def send(subscribed: Subscription): Unit =
    if !over && call.isReady then
      subscribed.poll() match
        case Some(change) =>
          call.onNext(Monitor.event(change))
          send(subscribed)
        case None => ()

private[service] object Monitor:
  private def event(change: Change): WatchEvent = change match
    case Change.Put(key, value, at) => WatchEvent(EventType.PUT, key.text, value, at.nanoseconds)
    case Change.Delete(key, at) => WatchEvent(EventType.DELETE, key.text, timestamp = at.nanoseconds)
