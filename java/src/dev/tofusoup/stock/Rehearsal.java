package dev.tofusoup.stock;

import dev.tofusoup.stock.options.ClientOptions;
import dev.tofusoup.stock.options.ServerOptions;
import dev.tofusoup.stock.options.UsageException;
import dev.tofusoup.stock.options.Words;
import dev.tofusoup.stock.session.ClientSession;
import dev.tofusoup.stock.session.FrameException;
import dev.tofusoup.stock.session.ServerSession;
import dev.tofusoup.stock.session.Warmup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import tofusoup.stock.TradeFill;
import tofusoup.stock.WatchEvent;

/**
 * Loads the classes that the two programs load, for the archive that the launcher keeps of them.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /** Serves and calls once. */
  public static void main(String[] args)
      throws FrameException, InterruptedException, IOException, UsageException {
    Streams.take();
    ServerOptions.parse(Words.of("--port=0", "--grace-seconds=1"));
    ClientOptions.parse(Words.of("get", "key", "--server=localhost:1", "--timeout-seconds=1"));
    Lines.event(WatchEvent.getDefaultInstance());
    Lines.fill(TradeFill.getDefaultInstance());
    ServerSession server = new ServerSession(new ByteArrayOutputStream());
    server.run(InputStream.nullInputStream());
    server.end(Duration.ZERO);
    ClientSession client = new ClientSession(new ByteArrayOutputStream());
    client.run(InputStream.nullInputStream());
    client.end();
    Warmup.run();
    System.exit(0);
  }
}
