package dev.tofusoup.stock.session;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.stub.StreamObserver;
import java.util.function.BiFunction;
import java.util.function.Function;
import tofusoup.stock.session.Request;
import tofusoup.stock.session.Request.RequestCase;
import tofusoup.stock.session.Response;

/**
 * One RPC by its generated stub.
 *
 * @param accepts the kind of request that it takes
 * @param request unwraps one
 * @param response wraps a response in what is given
 * @param <Q> the requests' type
 * @param <R> the responses' type
 */
record Method<Q, R>(
    MethodDescriptor<Q, R> descriptor,
    RequestCase accepts,
    Function<Request, Q> request,
    BiFunction<Response.Builder, R, Response.Builder> response,
    Starter<Q, R> starter) {

  /** Starts a call; the observer is told of its stream of requests. */
  @FunctionalInterface
  interface Starter<Q, R> {
    /**
     * Calls.
     *
     * @param first the request of a call that has just one; else null
     */
    void start(Channel channel, Q first, StreamObserver<R> observer);
  }

  boolean unary() {
    return descriptor.getType() == MethodType.UNARY;
  }

  /** Whether there is a stream of requests. */
  boolean sends() {
    return !descriptor.getType().clientSendsOneMessage();
  }

  /** Whether there is a stream of responses. */
  boolean receives() {
    return !descriptor.getType().serverSendsOneMessage();
  }

  Response wrap(R message) {
    return response.apply(Response.newBuilder(), message).build();
  }
}
