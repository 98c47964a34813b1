package dev.tofusoup.stock.directive;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tofusoup.stock.service.CallContext;
import dev.tofusoup.stock.store.Stores;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tofusoup.stock.session.Directive;

/**
 * Conformance mode: does to a call what the directive in its metadata says, without the handlers
 * knowing.
 */
public final class DirectiveInterceptor implements ServerInterceptor {
  /** The metadata that carries a directive. */
  public static final Metadata.Key<byte[]> KEY =
      Metadata.Key.of("stock-directive-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final Status BAD_DIRECTIVE =
      Status.INVALID_ARGUMENT.withDescription("bad directive");

  private final Stores stores;
  private final Report report;

  /**
   * Makes an interceptor over stores.
   *
   * @param report is told when a call with a tag has ended
   */
  public DirectiveInterceptor(Stores stores, Report report) {
    this.stores = stores;
    this.report = report;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    byte[] value = headers.get(KEY);
    if (value == null) {
      return next.startCall(call, headers);
    }
    Directive directive;
    try {
      directive = decode(value);
    } catch (InvalidProtocolBufferException e) {
      call.close(BAD_DIRECTIVE, new Metadata());
      return ignorant();
    }
    Observer observer = Observer.of(directive.getTag(), call, headers, report);
    DirectedCall<Q, R> directed = new DirectedCall<>(call, directive, observer);
    return new DirectedListener<>(directed, observer, start(directed, directive, headers, next));
  }

  /** Starts the handler after what the directive asks for before it. */
  private <Q, R> ServerCall.Listener<Q> start(
      DirectedCall<Q, R> call,
      Directive directive,
      Metadata headers,
      ServerCallHandler<Q, R> next) {
    if (directive.getCompress()) {
      call.setCompression("gzip");
    }
    if (directive.getHeadersFirst()) {
      call.sendHeaders(new Metadata());
    }
    if (!elapses(Duration.ofMillis(Integer.toUnsignedLong(directive.getDelayMs())))) {
      return ignorant(); // cancelled: nobody waits for an answer
    }
    if (directive.getThrow()) {
      return new ThrowingListener<>();
    }
    if (call.failsAtOnce()) {
      call.fail();
      return ignorant();
    }
    Context context =
        Context.current()
            .withValues(
                CallContext.STORE,
                stores.named(directive.getStore()),
                CallContext.SEND_HEADERS,
                () -> call.sendHeaders(new Metadata()));
    return Contexts.interceptCall(context, call, headers, next);
  }

  /** A listener for a call that no handler will see. */
  private static <Q> ServerCall.Listener<Q> ignorant() {
    return new ServerCall.Listener<>() {};
  }

  /** Waits; false where the call ends before. */
  private static boolean elapses(Duration delay) {
    if (delay.isZero()) {
      return true;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Context.CancellationListener listener = context -> ended.countDown();
    Context.current().addListener(listener, Runnable::run);
    try {
      return !ended.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      Context.current().removeListener(listener);
    }
  }

  private static Directive decode(byte[] value) throws InvalidProtocolBufferException {
    Directive directive = Directive.parseFrom(value);
    int code = directive.getFail().getCode();
    if (directive.hasFail() && (code < 1 || code > 16)) {
      throw new InvalidProtocolBufferException("fail.code: " + code);
    }
    return directive;
  }
}
