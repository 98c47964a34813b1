package dev.tofusoup.stock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import tofusoup.stock.TradeFill;
import tofusoup.stock.WatchEvent;

/** The lines that stock_client prints. */
final class Lines {
  private Lines() {}

  /** {@code TIMESTAMP PUT KEY VALUE} or {@code TIMESTAMP DELETE KEY}, by tabs. */
  static String event(WatchEvent event) {
    String key = escape(event.getKeyBytes());
    if (event.getType() == WatchEvent.EventType.DELETE) {
      return "%d\tDELETE\t%s\n".formatted(event.getTimestamp(), key);
    }
    return "%d\tPUT\t%s\t%s\n".formatted(event.getTimestamp(), key, escape(event.getValue()));
  }

  /** {@code ok SYMBOL N MESSAGE} or {@code rejected SYMBOL 0 MESSAGE}, by tabs. */
  static String fill(TradeFill fill) {
    String verdict = fill.getSuccess() ? "ok" : "rejected";
    String symbol = escape(fill.getSymbolBytes());
    String message = oneLine(fill.getMessage());
    return "%s\t%s\t%d\t%s\n".formatted(verdict, symbol, fill.getQuantityFilled(), message);
  }

  /**
   * Bytes fit for one field of a line: {@code \\}, {@code \n}, {@code \r}, {@code \t}, and {@code
   * \xHH} for other bytes below 0x20, 0x7F, and bytes that are not UTF-8.
   */
  static String escape(ByteString bytes) {
    StringBuilder out = new StringBuilder();
    ByteBuffer in = bytes.asReadOnlyByteBuffer();
    CharsetDecoder decoder = UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(Math.max(2, in.remaining()));
    CoderResult result;
    do {
      result = decoder.reset().decode(in, text, true);
      text.flip().chars().forEach(c -> escape((char) c, out));
      text.clear();
      if (result.isError()) {
        for (int i = 0; i < result.length(); i++) {
          hex(in.get() & 0xFF, out);
        }
      }
    } while (result.isError());
    return out.toString();
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < 0x20 || c == 0x7F) {
          hex(c, out);
        } else {
          out.append(c);
        }
      }
    }
  }

  private static void hex(int value, StringBuilder out) {
    out.append("\\x%02X".formatted(value));
  }

  /** A peer's text without the ends of lines that would make it several. */
  static String oneLine(String text) {
    return text.replace("\n", "\\n").replace("\r", "\\r");
  }

  /** The value's bytes and one newline. */
  static byte[] value(ByteString value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.size() + 1);
    out.writeBytes(value.toByteArray());
    out.write('\n');
    return out.toByteArray();
  }
}
