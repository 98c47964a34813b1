package dev.tofusoup.stock.service;

import dev.tofusoup.stock.store.InvalidKeyException;
import dev.tofusoup.stock.store.KeyNotFoundException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The statuses of a store's errors. */
final class Statuses {
  private Statuses() {}

  static StatusRuntimeException of(InvalidKeyException error) {
    return Status.INVALID_ARGUMENT.withDescription(error.getMessage()).asRuntimeException();
  }

  static StatusRuntimeException of(KeyNotFoundException error) {
    return Status.NOT_FOUND.withDescription(error.getMessage()).asRuntimeException();
  }
}
