package dev.tofusoup.stock.session;

import dev.tofusoup.stock.About;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import tofusoup.stock.session.Command;
import tofusoup.stock.session.Event;
import tofusoup.stock.session.Failure;
import tofusoup.stock.session.Hello;
import tofusoup.stock.session.Role;

/** What the sessions of both roles have in common. */
final class Session {
  private static final int PROTOCOL = 1;
  private static final int READ_BYTES = 64 << 10;
  private static final List<String> KEY_TYPES =
      List.of(
          "key_type:rsa2048",
          "key_type:rsa4096",
          "key_type:p256",
          "key_type:p384",
          "key_type:p521");

  private Session() {}

  /** Obeys the commands of one role. */
  @FunctionalInterface
  interface Obedience {
    void obey(Command command) throws RefusalException;
  }

  /** The first event of a session. */
  static Event hello(Role role, String... abilities) {
    return Event.newBuilder()
        .setHello(
            Hello.newBuilder()
                .setProtocol(PROTOCOL)
                .setLanguage(About.LANGUAGE)
                .setRole(role)
                .setLibrary(About.LIBRARY)
                .setRuntime(About.RUNTIME)
                .setTransport(About.TRANSPORT)
                .setTlsStack(About.TLS_STACK)
                .addAllSupports(Stream.concat(Stream.of(abilities), KEY_TYPES.stream()).toList())
                .setVersion(About.VERSION))
        .build();
  }

  /** Obeys commands to the end of the input; one that cannot be obeyed is answered by a Failure. */
  static void obeyAll(InputStream input, Output output, Obedience obedience)
      throws IOException, FrameException {
    InputStream buffered = new BufferedInputStream(input, READ_BYTES);
    for (Command command = Frames.read(buffered);
        command != null;
        command = Frames.read(buffered)) {
      try {
        obedience.obey(command);
      } catch (RefusalException e) {
        Failure failure =
            Failure.newBuilder().setId(command.getId()).setReason(e.getMessage()).build();
        output.send(Event.newBuilder().setFailure(failure).build());
      }
    }
  }
}
