package dev.tofusoup.stock.service;

import dev.tofusoup.stock.store.InvalidKeyException;
import dev.tofusoup.stock.store.KeyNotFoundException;
import io.grpc.stub.StreamObserver;

/** The work of a unary call. */
@FunctionalInterface
interface Unary<R> {
  /** The response. */
  R run() throws InvalidKeyException, KeyNotFoundException;

  /** Answers a call with what its work gives, or with the status of its error. */
  static <R> void answer(StreamObserver<R> observer, Unary<R> work) {
    R response;
    try {
      response = work.run();
    } catch (InvalidKeyException e) {
      observer.onError(Statuses.of(e));
      return;
    } catch (KeyNotFoundException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
