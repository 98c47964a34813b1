import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The program of the Java rules' actions: {@code Builder @ARGUMENTS}, one argument a line. */
public final class Builder {
  private Builder() {}

  /** Does what the verb, which comes first, says; exits with 1 where it cannot. */
  public static void main(String[] args) throws IOException {
    List<String> words = new ArrayList<>();
    for (String arg : args) {
      if (arg.startsWith("@")) {
        words.addAll(Files.readAllLines(Path.of(arg.substring(1))));
      } else {
        words.add(arg);
      }
    }
    System.exit(run(words.get(0), flags(words.subList(1, words.size()))) ? 0 : 1);
  }

  private static boolean run(String verb, Map<String, List<String>> flags) throws IOException {
    Path out = Path.of(flags.get("out").get(0));
    return switch (verb) {
      case "compile" -> Compiler.compile(flags, out);
      case "lint" -> Compiler.lint(flags, out);
      case "merge" -> Jars.merge(flags.get("jar"), out);
      case "program" -> Jars.program(flags, out);
      case "translate" -> Compiler.translate(flags, out);
      default -> throw new IllegalArgumentException("verb: " + verb);
    };
  }

  /** Takes {@code --name value} and {@code --name=value} apart; a flag may be repeated. */
  private static Map<String, List<String>> flags(List<String> words) {
    Map<String, List<String>> flags = new TreeMap<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).substring("--".length());
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
      flags.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
    return flags;
  }
}
