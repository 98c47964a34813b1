package dev.tofusoup.stock.session;

import com.google.common.net.InetAddresses;
import dev.tofusoup.stock.calls.Endpoint;
import dev.tofusoup.stock.calls.StockChannel;
import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.CredentialsException;
import dev.tofusoup.stock.credentials.Identity;
import dev.tofusoup.stock.credentials.Pem;
import dev.tofusoup.stock.headers.Headers;
import dev.tofusoup.stock.listener.Binding;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tofusoup.stock.session.Command;
import tofusoup.stock.session.OpenChannel;
import tofusoup.stock.session.Request;
import tofusoup.stock.session.Role;
import tofusoup.stock.session.Security;
import tofusoup.stock.session.Start;

/** Obeys the commands of a runner to a stock_client. */
public final class ClientSession {
  private static final long END_MILLIS = 1000;
  private static final int MAX_PORT = 65_535;

  /** A running call and the channel that it is on. */
  private record Running(Call<?, ?> call, int channel) {}

  @FunctionalInterface
  private interface Step {
    void on(Call<?, ?> call) throws RefusalException;
  }

  private final Output output;
  private final Map<Integer, StockChannel> channels = new HashMap<>();
  private final Set<Integer> usedChannels = new HashSet<>();
  private final Map<Integer, Running> running = new HashMap<>();
  private final Warmup warmup;
  private int highest;
  private boolean ending;

  /** Says Hello. */
  public ClientSession(OutputStream stream) {
    output = new Output(stream);
    output.send(Session.hello(Role.ROLE_CLIENT, "gzip_request", "wait_for_ready"));
    warmup = Warmup.start();
  }

  /** Obeys commands to the end of the input. */
  public void run(InputStream input) throws IOException, FrameException {
    Session.obeyAll(input, output, this::obey);
  }

  /** Cancels what is open. */
  public synchronized void end() throws InterruptedException {
    ending = true;
    Set.copyOf(channels.keySet()).forEach(this::close);
    long end = System.nanoTime() + END_MILLIS * 1_000_000;
    while (!running.isEmpty() && System.nanoTime() < end) {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
    output.close();
  }

  private synchronized void obey(Command command) throws RefusalException {
    if (ending) {
      throw new RefusalException("the session is ending");
    }
    switch (command.getCommandCase()) {
      case OPEN_CHANNEL -> open(command.getOpenChannel());
      case CLOSE_CHANNEL -> closeChannel(command.getCloseChannel().getChannel());
      case START -> start(command.getStart());
      case SEND ->
          withCall(
              command.getSend().getCall(), call -> call.send(command.getSend().getRequestsList()));
      case HALF_CLOSE -> withCall(command.getHalfClose().getCall(), Call::halfClose);
      case RECEIVE ->
          withCall(
              command.getReceive().getCall(),
              call -> call.receive(command.getReceive().getCredit()));
      case CANCEL -> withCall(command.getCancel().getCall(), Call::cancel);
      default ->
          throw new RefusalException(
              "command: %s given, one for a client expected", command.getCommandCase());
    }
  }

  private void open(OpenChannel command) throws RefusalException {
    int number = command.getChannel();
    if (number == 0 || usedChannels.contains(number)) {
      throw new RefusalException(
          "channel: %s given, a new number from 1 expected", Integer.toUnsignedString(number));
    }
    Endpoint endpoint;
    warmup.await();
    try {
      endpoint = endpoint(command);
    } catch (CredentialsException e) {
      throw new RefusalException("%s", e.getMessage());
    }
    usedChannels.add(number);
    channels.put(number, new StockChannel(endpoint));
  }

  private static Endpoint endpoint(OpenChannel command)
      throws RefusalException, CredentialsException {
    if (!InetAddresses.isInetAddress(command.getHost())) {
      throw new RefusalException(
          "host: \"%s\" given, a literal address expected", command.getHost());
    }
    int port = command.getPort();
    if (port <= 0 || port > MAX_PORT) {
      throw new RefusalException(
          "port: %s given, 1 to %d expected", Integer.toUnsignedString(port), MAX_PORT);
    }
    boolean plaintext = Securities.name(command.getSecurity()).equals(Binding.PLAINTEXT);
    SslContext credentials = plaintext ? null : credentials(command);
    String authority = command.getServerName().isEmpty() ? null : command.getServerName();
    return new Endpoint(
        new InetSocketAddress(InetAddresses.forString(command.getHost()), port),
        credentials,
        authority,
        Securities.maxReceiveBytes(command.getMaxReceiveBytes()));
  }

  private static SslContext credentials(OpenChannel command) throws CredentialsException {
    Identity identity = null;
    if (command.getSecurity() == Security.SECURITY_MTLS && command.hasIdentity()) {
      identity =
          Identity.parse(
              command.getIdentity().getChainPem().toByteArray(),
              command.getIdentity().getKeyPem().toByteArray());
    }
    return Credentials.client(Pem.roots(command.getRootsPem().toByteArray()), identity);
  }

  private void closeChannel(int number) throws RefusalException {
    if (!channels.containsKey(number)) {
      throw notOpen(number);
    }
    close(number);
  }

  /** Cancels the calls of a channel first: the other way round they would end as unavailable. */
  private void close(int number) {
    List.copyOf(running.values()).stream()
        .filter(each -> each.channel() == number)
        .forEach(each -> each.call().cancel());
    channels.remove(number).close();
  }

  private void start(Start command) throws RefusalException {
    StockChannel channel = channels.get(command.getChannel());
    if (channel == null) {
      throw notOpen(command.getChannel());
    }
    Method<?, ?> method = Methods.of(command.getRpc());
    if (method == null) {
      throw new RefusalException("rpc: %s given, a method expected", command.getRpc());
    }
    check(command, method);
    Call<?, ?> call = call(command, method);
    highest = command.getCall();
    running.put(highest, new Running(call, command.getChannel()));
    call.start(channel.channel());
  }

  private <Q, R> Call<Q, R> call(Start command, Method<Q, R> method) throws RefusalException {
    Metadata metadata;
    try {
      metadata = Headers.toGrpc(command.getMetadata());
    } catch (IllegalArgumentException e) {
      throw new RefusalException("metadata: %s", e.getMessage());
    }
    CallReport report = new CallReport(command.getCall(), output);
    return new Call<>(command, method, metadata, report, () -> ended(command.getCall()));
  }

  private void check(Start command, Method<?, ?> method) throws RefusalException {
    if (Integer.compareUnsigned(command.getCall(), highest) <= 0) {
      throw new RefusalException(
          "call: %s given, a number over %s expected",
          Integer.toUnsignedString(command.getCall()), Integer.toUnsignedString(highest));
    }
    if (command.getTimeoutNs() < 0) {
      throw new RefusalException(
          "timeout_ns: %d given, 0 or more expected", command.getTimeoutNs());
    }
    int requests = command.getRequestsCount();
    if (requests != 1 && !method.sends()) {
      throw new RefusalException(
          "requests: %d given, %s takes exactly 1", requests, command.getRpc());
    }
    for (Request request : command.getRequestsList()) {
      if (request.getRequestCase() != method.accepts()) {
        throw new RefusalException("requests: one is not of the rpc's type");
      }
    }
  }

  /** Does something to a running call. One that has ended is passed over: nobody could know yet. */
  private void withCall(int number, Step step) throws RefusalException {
    Running found = running.get(number);
    if (found != null) {
      step.on(found.call());
    } else if (number == 0 || Integer.compareUnsigned(number, highest) > 0) {
      throw new RefusalException(
          "call: %s given, which never was one", Integer.toUnsignedString(number));
    }
  }

  private synchronized void ended(int number) {
    running.remove(number);
    notifyAll();
  }

  private static RefusalException notOpen(int number) {
    return new RefusalException(
        "channel: %s given, which is not open", Integer.toUnsignedString(number));
  }
}
