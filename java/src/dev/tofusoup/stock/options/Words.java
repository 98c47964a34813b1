package dev.tofusoup.stock.options;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Words of a command line as bytes. Java decodes its arguments by the locale and replaces what is
 * none of its text, so they are strings here whose characters are bytes (ISO 8859-1).
 */
public final class Words {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Words() {}

  /** The words that this process was given, or the decoded ones where the system does not tell. */
  public static List<String> given(String[] decoded) {
    if (decoded.length == 0) {
      return List.of();
    }
    try {
      String line = new String(Files.readAllBytes(COMMAND_LINE), ISO_8859_1);
      List<String> all = List.of(line.split("\0", -1));
      int end = all.size() - 1; // each word is followed by a NUL
      return all.subList(end - decoded.length, end);
    } catch (IOException e) {
      return of(decoded); // not Linux
    }
  }

  /** Words of text. */
  public static List<String> of(String... texts) {
    List<String> words = new ArrayList<>();
    for (String text : texts) {
      words.add(new String(text.getBytes(UTF_8), ISO_8859_1));
    }
    return words;
  }

  /** The bytes of a word. */
  public static byte[] bytes(String word) {
    return word.getBytes(ISO_8859_1);
  }

  /** The text of a word, or null where it is not UTF-8. */
  public static String text(String word) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(word))).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * The file that a word names; as text is to the system what UTF-8 is, other names cannot be had.
   */
  public static Path path(String word) {
    String text = text(word);
    return Path.of(text == null ? printable(word) : text);
  }

  /** A word fit for a line of text. */
  static String printable(String word) {
    String text = text(word);
    StringBuilder out = new StringBuilder();
    for (char c : (text == null ? word : text).toCharArray()) {
      boolean plain = text == null ? c >= 0x20 && c < 0x7F : !Character.isISOControl(c);
      if (plain && c != '"' && c != '\\') {
        out.append(c);
      } else if (plain) {
        out.append('\\').append(c);
      } else {
        out.append(c < 0x100 ? "\\x%02x".formatted((int) c) : "\\u%04x".formatted((int) c));
      }
    }
    return out.toString();
  }

  static String quoted(String word) {
    return '"' + printable(word) + '"';
  }
}
