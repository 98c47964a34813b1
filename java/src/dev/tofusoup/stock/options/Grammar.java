package dev.tofusoup.stock.options;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Takes a command line apart by a table of flags. It is our own because the grammar, which every
 * language shares, is stricter than picocli's: that takes a value for a flag without one ({@code
 * --tls=false}), and a word that begins with one dash for a flag.
 */
final class Grammar {
  /**
   * One flag of a program.
   *
   * @param value what its value is called; empty where it takes none
   */
  record Flag(String name, String value, String help) {
    boolean takesValue() {
      return !value.isEmpty();
    }
  }

  /**
   * A command line taken apart.
   *
   * @param flags the values of each flag given: the last counts, and the others must be right too
   * @param arguments the rest, in order
   */
  record Line(Map<String, List<String>> flags, List<String> arguments) {
    boolean has(String name) {
      return flags.containsKey(name);
    }

    /**
     * What the last value of a flag is read as, or another where it is not given.
     *
     * @param read empty for a value that is not what is expected
     */
    <T> T value(String name, String expected, Function<String, Optional<T>> read, T otherwise)
        throws UsageException {
      T last = otherwise;
      for (String value : flags.getOrDefault(name, List.of())) {
        last = read.apply(value).orElseThrow(() -> expected(name, value, expected));
      }
      return last;
    }

    /** The value of a flag, or null. */
    String text(String name) throws UsageException {
      return value(name, "a value that is not empty", Grammar::text, null);
    }

    /** The number that a flag gives, or another. */
    long integer(String name, long least, long most, long otherwise) throws UsageException {
      String expected = "a number from %d to %d".formatted(least, most);
      return value(name, expected, value -> Grammar.integer(value, least, most), otherwise);
    }

    /** The time that a flag gives, or another. */
    Duration seconds(String name, Duration otherwise) throws UsageException {
      return value(name, "seconds like 5 or 0.25", Grammar::seconds, otherwise);
    }

    /** Refuses the flags that make no sense in a session. */
    void checkSession(List<String> allowed) throws UsageException {
      for (String name : new TreeSet<>(flags.keySet())) {
        if (!name.equals("session") && !allowed.contains(name)) {
          throw new UsageException("--session goes without --%s", name);
        }
      }
    }
  }

  private final List<Flag> table;

  Grammar(List<Flag> table) {
    this.table = table;
  }

  Line parse(List<String> words) throws UsageException {
    Map<String, List<String>> flags = new HashMap<>();
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        arguments.add(word);
        continue;
      }
      if (word.equals("--")) {
        arguments.addAll(words.subList(i + 1, words.size()));
        break;
      }
      int equals = word.indexOf('=');
      Flag flag = find(equals < 0 ? word.substring(2) : word.substring(2, equals));
      if (!flag.takesValue() && equals >= 0) {
        throw new UsageException("--%s takes no value", flag.name());
      }
      if (flag.takesValue() && equals < 0 && ++i == words.size()) {
        throw new UsageException("--%s needs a value", flag.name());
      }
      String attached = equals < 0 ? words.get(i) : word.substring(equals + 1);
      flags
          .computeIfAbsent(flag.name(), name -> new ArrayList<>())
          .add(flag.takesValue() ? attached : "");
    }
    return new Line(flags, arguments);
  }

  /** The lines that tell of the flags. */
  String usage() {
    StringBuilder out = new StringBuilder();
    for (Flag flag : table) {
      String head = ("--" + flag.name() + " " + flag.value()).strip();
      out.append("  %-26s %s\n".formatted(head, flag.help()));
    }
    return out.toString();
  }

  private Flag find(String name) throws UsageException {
    for (Flag flag : table) {
      if (flag.name().equals(name)) {
        return flag;
      }
    }
    throw new UsageException("unknown flag: --%s", Words.printable(name));
  }

  private static Optional<String> text(String value) {
    return Optional.of(value).filter(text -> !text.isEmpty());
  }

  private static Optional<Long> integer(String value, long least, long most) {
    if (!digits(value) || value.length() > 19) {
      return Optional.empty();
    }
    BigDecimal given = new BigDecimal(value);
    boolean within =
        given.compareTo(BigDecimal.valueOf(least)) >= 0
            && given.compareTo(BigDecimal.valueOf(most)) <= 0;
    return within ? Optional.of(given.longValueExact()) : Optional.empty();
  }

  private static Optional<Duration> seconds(String value) {
    String[] parts = value.split("\\.", -1);
    boolean right = parts.length <= 2 && digits(parts[0]) && parts[0].length() <= 9;
    if (!right || (parts.length == 2 && !digits(parts[1]))) {
      return Optional.empty();
    }
    // Up: a fraction of a nanosecond is not 0.
    BigDecimal nanoseconds = new BigDecimal(value).movePointRight(9);
    long rounded = nanoseconds.setScale(0, RoundingMode.CEILING).longValueExact();
    return Optional.of(Duration.ofNanos(rounded));
  }

  private static UsageException expected(String name, String given, String expected) {
    return new UsageException("--%s: %s given, %s expected", name, Words.quoted(given), expected);
  }

  /** Tells numbers as the grammar knows them from those with signs, exponents and underscores. */
  static boolean digits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> '0' <= c && c <= '9');
  }
}
