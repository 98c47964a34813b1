package dev.tofusoup.stock.listener;

import dev.tofusoup.stock.service.CallContext;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.HashSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import tofusoup.stock.StockGrpc;

/**
 * The calls of a listener, and what stands around each of their handlers: it knows how many run,
 * ends at the drain those that have no end of their own, and keeps faults from the peer.
 */
final class Calls implements ServerInterceptor {
  private static final Logger logger = Logger.getLogger(Calls.class.getName());

  private static final Status DRAINING = Status.UNAVAILABLE.withDescription("server shutting down");
  private static final Status FAULT = Status.UNKNOWN.withDescription("handler failed");

  @SuppressWarnings("deprecation") // what older clients ask for
  private static final Set<String> ENDLESS =
      Set.of(
          StockGrpc.getMonitorMethod().getFullMethodName(),
          HealthGrpc.getWatchMethod().getFullMethodName(),
          ServerReflectionGrpc.getServerReflectionInfoMethod().getFullMethodName(),
          io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServerReflectionInfoMethod()
              .getFullMethodName());

  private final Set<GuardedCall<?, ?>> running = new HashSet<>();
  private final Set<GuardedCall<?, ?>> endless = new HashSet<>();
  private boolean draining;

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    GuardedCall<Q, R> guarded = new GuardedCall<>(call);
    begin(guarded);
    Context context =
        Context.current()
            .withValue(CallContext.SEND_HEADERS, () -> guarded.sendHeaders(new Metadata()));
    Guard<Q> guard = new Guard<>(guarded);
    guard.run(() -> guard.listener = Contexts.interceptCall(context, guarded, headers, next));
    return guard;
  }

  /** Ends the calls that have no end of their own, those still to come too. */
  void drain() {
    Set<GuardedCall<?, ?>> ended;
    synchronized (this) {
      draining = true;
      ended = Set.copyOf(endless);
    }
    for (GuardedCall<?, ?> call : ended) {
      call.close(DRAINING, new Metadata());
      end(call); // whatever its handler still waits for
    }
  }

  /** Waits until no call runs; false where that takes longer than some nanoseconds. */
  synchronized boolean awaitNone(long nanoseconds) throws InterruptedException {
    long end = System.nanoTime() + nanoseconds;
    while (!running.isEmpty()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return true;
  }

  /** How many calls run. */
  synchronized int running() {
    return running.size();
  }

  private void begin(GuardedCall<?, ?> call) {
    boolean tooLate;
    synchronized (this) {
      running.add(call);
      boolean ends = !ENDLESS.contains(call.getMethodDescriptor().getFullMethodName());
      tooLate = draining && !ends;
      if (!ends) {
        endless.add(call);
      }
    }
    if (tooLate) {
      call.close(DRAINING, new Metadata());
    }
  }

  private synchronized void end(GuardedCall<?, ?> call) {
    running.remove(call);
    endless.remove(call);
    notifyAll();
  }

  /** Hands a call's events to its handler; what that throws ends the call. */
  private final class Guard<Q> extends ServerCall.Listener<Q> {
    private final GuardedCall<Q, ?> call;
    private ServerCall.Listener<Q> listener = new ServerCall.Listener<>() {};

    Guard(GuardedCall<Q, ?> call) {
      this.call = call;
    }

    void run(Runnable step) {
      try {
        step.run();
      } catch (StatusRuntimeException e) {
        // The library's own: a request that does not decode, or is too large.
        call.close(e.getStatus(), new Metadata());
      } catch (RuntimeException e) {
        logger.log(Level.SEVERE, call.getMethodDescriptor().getFullMethodName() + " failed", e);
        call.close(FAULT, new Metadata());
      }
    }

    @Override
    public void onMessage(Q message) {
      run(() -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      run(() -> listener.onHalfClose());
    }

    @Override
    public void onReady() {
      run(() -> listener.onReady());
    }

    @Override
    public void onCancel() {
      run(() -> listener.onCancel());
      end(call);
    }

    @Override
    public void onComplete() {
      run(() -> listener.onComplete());
      end(call);
    }
  }
}
