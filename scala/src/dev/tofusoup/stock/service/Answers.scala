package dev.tofusoup.stock.service

import dev.tofusoup.stock.store.StoreError
import io.grpc.Status
import io.grpc.StatusException
import scala.concurrent.Future

/** The status of what a store refuses. */
private[service] def statusOf(error: StoreError): StatusException =
  val status = error match
    case StoreError.InvalidKey => Status.INVALID_ARGUMENT
    case _: StoreError.KeyNotFound => Status.NOT_FOUND
  status.withDescription(error.message).asException

extension [A](result: Either[StoreError, A])
  /** What a unary call is answered with. The store never waits, so that this is complete. */
  private[service] def answer: Future[A] = result.fold(error => Future.failed(statusOf(error)), Future.successful)
