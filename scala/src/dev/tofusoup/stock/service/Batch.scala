package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.Store
import io.grpc.stub.StreamObserver
import tofusoup.stock.BatchItem
import tofusoup.stock.BatchSummary

/** One call of Batch: stores items as they arrive; an invalid key does not stop the rest. */
final private[service] class Batch(store: Store, observer: StreamObserver[BatchSummary])
    extends StreamObserver[BatchItem]:
  private var summary = BatchSummary()

  override def onNext(item: BatchItem): Unit =
    val counted = summary.copy(totalItems = summary.totalItems + 1)
    summary = store.put(item.key, item.value) match
      case Right(()) =>
        counted.copy(successful = counted.successful + 1, bytesWritten = counted.bytesWritten + item.value.size)
      case Left(_) => counted.copy(failed = counted.failed + 1)

  override def onCompleted(): Unit =
    observer.onNext(summary)
    observer.onCompleted()

  /** What was applied stays, and nobody listens. */
  override def onError(cancelled: Throwable): Unit = ()
