package dev.tofusoup.stock.service;

import dev.tofusoup.stock.store.Stores;
import io.grpc.stub.StreamObserver;
import proto.Empty;
import proto.GetRequest;
import proto.GetResponse;
import proto.KVGrpc;
import proto.PutRequest;

/** Serves proto.KV, the older service, over the same stores as Stock. */
public final class KvService extends KVGrpc.KVImplBase {
  private final Stores stores;

  /** Makes the handlers over stores. */
  public KvService(Stores stores) {
    this.stores = stores;
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    Unary.answer(
        observer,
        () ->
            GetResponse.newBuilder()
                .setValue(CallContext.store(stores).get(request.getKey()))
                .build());
  }

  @Override
  public void put(PutRequest request, StreamObserver<Empty> observer) {
    Unary.answer(
        observer,
        () -> {
          CallContext.store(stores).put(request.getKey(), request.getValue());
          return Empty.getDefaultInstance();
        });
  }
}
