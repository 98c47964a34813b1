package dev.tofusoup.stock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tofusoup.stock.options.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** The standard streams of a program. What is printed is UTF-8, whatever the locale. */
record Streams(InputStream input, OutputStream output, PrintStream log) {
  /** Takes them from the process: what libraries print goes to standard error from here on. */
  static Streams take() {
    FileOutputStream output = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    Log.to(System.err);
    return new Streams(System.in, output, System.err);
  }

  /** What a program does; the exit code. */
  @FunctionalInterface
  interface Program {
    int run() throws InterruptedException;
  }

  /** Runs a program; a fault of its own is a line and the exit code for that. */
  int orFault(Program program) throws InterruptedException {
    try {
      return program.run();
    } catch (RuntimeException e) {
      error(Lines.oneLine("internal fault: " + e) + "\n");
      return ExitCode.INTERNAL;
    }
  }

  /** Prints on standard output. */
  void print(String text) {
    write(text.getBytes(UTF_8));
  }

  /** Writes bytes to standard output. */
  void write(byte[] bytes) {
    try {
      output.write(bytes);
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("standard output cannot be written", e);
    }
  }

  /** Prints on standard error. */
  void error(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    log.write(bytes, 0, bytes.length);
    log.flush();
  }
}
