import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Runs javac within this machine, and other compilers in a machine of their own. */
final class Compiler {
  private Compiler() {}

  /** Compiles sources to a jar. What javac has to say goes to standard error. */
  static boolean compile(Map<String, List<String>> flags, Path jar) throws IOException {
    Path classes = Files.createTempDirectory("classes");
    StringWriter said = new StringWriter();
    boolean compiled = javac(flags, classes, said);
    System.err.print(said);
    if (compiled) {
      Jars.write(filesBelow(classes), jar, true);
    }
    delete(classes);
    return compiled;
  }

  /** Writes what javac and its plugins find in sources; nothing is an empty file. */
  static boolean lint(Map<String, List<String>> flags, Path report) throws IOException {
    Path classes = Files.createTempDirectory("classes");
    StringWriter said = new StringWriter();
    boolean clean = javac(flags, classes, said);
    delete(classes);
    String findings = said.toString();
    if (!clean && findings.isBlank()) {
      throw new IOException("javac failed and says nothing");
    }
    Files.writeString(report, findings);
    return true;
  }

  /** Compiles sources to a jar by a compiler that is jars itself, and takes javac's flags. */
  static boolean translate(Map<String, List<String>> flags, Path jar) throws IOException {
    Path classes = Files.createTempDirectory("classes");
    // Scala writes down where sources are, from the folder that it runs in: no two runs may differ.
    Path unpacked = Files.createDirectories(jar.resolveSibling(jar.getFileName() + ".sources"));
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(flags.getOrDefault("machine", List.of()));
    words.addAll(List.of("-cp", String.join(":", flags.get("compiler"))));
    words.addAll(flags.get("main"));
    words.addAll(flags.getOrDefault("option", List.of()));
    words.addAll(List.of("-classpath", String.join(":", flags.get("classpath"))));
    words.addAll(List.of("-d", classes.toString()));
    sources(flags, unpacked).forEach(source -> words.add(source.toString()));
    try {
      boolean compiled = new ProcessBuilder(words).inheritIO().start().waitFor() == 0;
      if (compiled) {
        Jars.write(filesBelow(classes), jar, true);
      }
      return compiled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      delete(classes);
      delete(unpacked);
    }
  }

  private static boolean javac(Map<String, List<String>> flags, Path classes, StringWriter said)
      throws IOException {
    List<String> options = new ArrayList<>(flags.getOrDefault("javac", List.of()));
    options.addAll(List.of("-d", classes.toString(), "-implicit:none", "-encoding", "UTF-8"));
    List<String> classpath = flags.getOrDefault("classpath", List.of());
    options.addAll(List.of("-classpath", String.join(":", classpath)));
    if (flags.containsKey("processor")) {
      options.addAll(List.of("-processorpath", String.join(":", flags.get("processor"))));
    }
    Path unpacked = Files.createTempDirectory("sources");
    sources(flags, unpacked).forEach(source -> options.add(source.toString()));
    ToolProvider compiler = ToolProvider.findFirst("javac").orElseThrow();
    PrintWriter printer = new PrintWriter(said);
    try {
      return compiler.run(printer, printer, options.toArray(String[]::new)) == 0;
    } finally {
      printer.flush();
      delete(unpacked);
    }
  }

  /** The sources given, and those of archives. */
  private static List<Path> sources(Map<String, List<String>> flags, Path unpacked)
      throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String source : flags.get("source")) {
      if (source.endsWith(".srcjar")) {
        sources.addAll(unpack(Path.of(source), unpacked));
      } else {
        sources.add(Path.of(source));
      }
    }
    return sources;
  }

  private static List<Path> unpack(Path archive, Path directory) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().filter(each -> !each.isDirectory()).toList()) {
        Path source = directory.resolve(entry.getName());
        Files.createDirectories(source.getParent());
        Files.write(source, zip.getInputStream(entry).readAllBytes());
        sources.add(source);
      }
    }
    return sources;
  }

  private static Map<String, byte[]> filesBelow(Path directory) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      paths
          .sorted((a, b) -> b.compareTo(a))
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
