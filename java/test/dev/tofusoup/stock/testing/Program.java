package dev.tofusoup.stock.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that a test runs as a process: the one that an environment variable names. */
public final class Program implements AutoCloseable {
  private final Process process;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private final Thread errorReader;

  private Program(Process process) {
    this.process = process;
    errorReader = new Thread(() -> copy(process.getErrorStream(), errors), "errors");
    errorReader.start();
  }

  /** How a program ended. */
  public record End(int code, String output, String errors) {}

  /** Starts a program; its words may hold any bytes but NUL, as characters of ISO 8859-1. */
  public static Program start(String variable, String... words) throws IOException {
    // The shell's printf makes bytes of escapes, which Java's own arguments could not carry.
    StringBuilder script = new StringBuilder("exec \"$0\"");
    for (String word : words) {
      script.append(" \"$(printf '%b' '");
      for (byte b : word.getBytes(ISO_8859_1)) {
        script.append("\\0%03o".formatted(b & 0xFF));
      }
      script.append("')\"");
    }
    List<String> line = new ArrayList<>(List.of("sh", "-c", script.toString()));
    line.add(System.getenv(variable));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().remove("LC_ALL");
    builder.environment().put("LANG", "C");
    // Where the launcher's archive makes the later ones of many starts quick.
    builder.environment().put("XDG_CACHE_HOME", System.getenv("TEST_TMPDIR"));
    return new Program(builder.start());
  }

  /** Runs a program to its end. */
  public static End run(String variable, String... words) throws Exception {
    try (Program program = start(variable, words)) {
      program.input().close();
      return program.end();
    }
  }

  public OutputStream input() {
    return process.getOutputStream();
  }

  public InputStream output() {
    return process.getInputStream();
  }

  /** The next line of standard output, as bytes. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = output().read(); b >= 0 && b != '\n'; b = output().read()) {
      line.write(b);
    }
    return line.toString(UTF_8);
  }

  /** Sends a signal by its name. */
  public void signal(String name) throws Exception {
    String pid = String.valueOf(process.pid());
    new ProcessBuilder("kill", "-" + name, pid).start().waitFor(10, TimeUnit.SECONDS);
  }

  /** Waits for the end. */
  public End end() throws Exception {
    String output = new String(output().readAllBytes(), ISO_8859_1);
    if (!process.waitFor(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the program does not end");
    }
    errorReader.join();
    return new End(process.exitValue(), output, errors.toString(UTF_8));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static void copy(InputStream from, OutputStream to) {
    try {
      from.transferTo(to);
    } catch (IOException e) {
      // The program has ended.
    }
  }
}
