package dev.tofusoup.stock.session;

import com.google.common.net.InetAddresses;
import dev.tofusoup.stock.credentials.Credentials;
import dev.tofusoup.stock.credentials.CredentialsException;
import dev.tofusoup.stock.credentials.Identity;
import dev.tofusoup.stock.credentials.Pem;
import dev.tofusoup.stock.directive.DirectiveInterceptor;
import dev.tofusoup.stock.listener.Binding;
import dev.tofusoup.stock.listener.Listener;
import dev.tofusoup.stock.store.Stores;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tofusoup.stock.session.Command;
import tofusoup.stock.session.Event;
import tofusoup.stock.session.Listen;
import tofusoup.stock.session.Listening;
import tofusoup.stock.session.Role;
import tofusoup.stock.session.Security;
import tofusoup.stock.session.Stop;
import tofusoup.stock.session.Stopped;

/** Obeys the commands of a runner to a stock_server. */
public final class ServerSession {
  private static final int MAX_PORT = 65_535;

  private final Stores stores = new Stores();
  private final Output output;
  private final DirectiveInterceptor directives;
  private final Map<Integer, Listener> open = new HashMap<>();
  private final Set<Integer> used = new HashSet<>();
  private final List<Thread> drains = new ArrayList<>();
  private final Warmup warmup;
  private boolean ending;

  /** Says Hello. */
  public ServerSession(OutputStream stream) {
    output = new Output(stream);
    output.send(
        Session.hello(
            Role.ROLE_SERVER,
            "gzip_response",
            "reflection_v1",
            "reflection_v1alpha",
            "observe_peer",
            "observe_tls",
            "observe_encoding"));
    warmup = Warmup.start();
    directives =
        new DirectiveInterceptor(
            stores, observed -> output.send(Event.newBuilder().setObserved(observed).build()));
  }

  /** Obeys commands to the end of the input. */
  public void run(InputStream input) throws IOException, FrameException {
    Session.obeyAll(input, output, this::obey);
  }

  /** Drains what is open; whatever still drains after the grace is left behind. */
  public void end(Duration grace) throws InterruptedException {
    List<Thread> all;
    synchronized (this) {
      ending = true;
      open.values().forEach(listener -> startDrain(listener, grace, () -> {}));
      all = List.copyOf(drains);
    }
    long end = System.nanoTime() + grace.plus(Listener.ABORT_TIMEOUT).toNanos();
    for (Thread drain : all) {
      long millis = Math.max(1, (end - System.nanoTime()) / 1_000_000);
      drain.join(millis);
    }
    output.close();
  }

  private synchronized void obey(Command command) throws RefusalException {
    if (ending) {
      throw new RefusalException("the session is ending");
    }
    switch (command.getCommandCase()) {
      case LISTEN -> listen(command.getListen());
      case STOP -> stop(command.getStop());
      case FORGET -> stores.forget(command.getForget().getStoresList());
      default ->
          throw new RefusalException(
              "command: %s given, listen, stop or forget expected", command.getCommandCase());
    }
  }

  private void listen(Listen command) throws RefusalException {
    int number = command.getListener();
    if (number == 0 || used.contains(number)) {
      throw new RefusalException(
          "listener: %s given, a new number from 1 expected", Integer.toUnsignedString(number));
    }
    Listener listener;
    warmup.await();
    try {
      listener = new Listener(binding(command), stores, List.of(directives));
    } catch (CredentialsException | IOException e) {
      throw new RefusalException("%s", e.getMessage());
    }
    used.add(number);
    open.put(number, listener);
    Listening listening =
        Listening.newBuilder().setListener(number).setPort(listener.port()).build();
    output.send(Event.newBuilder().setListening(listening).build());
  }

  private static Binding binding(Listen command) throws RefusalException, CredentialsException {
    if (!InetAddresses.isInetAddress(command.getHost())) {
      throw new RefusalException(
          "host: \"%s\" given, a literal address expected", command.getHost());
    }
    InetAddress address = InetAddresses.forString(command.getHost());
    if (Integer.compareUnsigned(command.getPort(), MAX_PORT) > 0) {
      throw new RefusalException(
          "port: %s given, at most %d expected",
          Integer.toUnsignedString(command.getPort()), MAX_PORT);
    }
    String security = Securities.name(command.getSecurity());
    boolean plaintext = security.equals(Binding.PLAINTEXT);
    if (plaintext && !address.isLoopbackAddress()) {
      throw new RefusalException("host: %s given, plaintext is for loopback", command.getHost());
    }
    int maxReceive = Securities.maxReceiveBytes(command.getMaxReceiveBytes());
    SslContext credentials = plaintext ? null : credentials(command);
    return new Binding(address, command.getPort(), security, credentials, maxReceive);
  }

  private static SslContext credentials(Listen command) throws CredentialsException {
    Identity identity =
        Identity.parse(
            command.getIdentity().getChainPem().toByteArray(),
            command.getIdentity().getKeyPem().toByteArray());
    boolean mutual = command.getSecurity() == Security.SECURITY_MTLS;
    byte[] roots = command.getClientRootsPem().toByteArray();
    return Credentials.server(identity, mutual ? Pem.clientRoots(roots) : null);
  }

  private void stop(Stop command) throws RefusalException {
    int number = command.getListener();
    Listener listener = open.remove(number);
    if (listener == null) {
      throw new RefusalException(
          "listener: %s given, which is not open", Integer.toUnsignedString(number));
    }
    Duration grace = Duration.ofMillis(Integer.toUnsignedLong(command.getGraceMs()));
    Stopped stopped = Stopped.newBuilder().setListener(number).build();
    startDrain(listener, grace, () -> output.send(Event.newBuilder().setStopped(stopped).build()));
  }

  private void startDrain(Listener listener, Duration grace, Runnable done) {
    Thread drain =
        new Thread(
            () -> {
              try {
                listener.drain(grace);
                done.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does
              }
            },
            "drain");
    drain.setDaemon(true);
    drain.start();
    drains.add(drain);
  }
}
