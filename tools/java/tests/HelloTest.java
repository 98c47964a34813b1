package greeting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of a program, with its cache and without. */
final class HelloTest {
  private static final long ARCHIVE_SECONDS = 120;

  @TempDir Path folder;

  private record Run(List<String> lines, long pid) {
    String archive() {
      return lines.get(2);
    }
  }

  /** Runs a program with a cache; null for neither a cache nor a home. */
  private static Run run(Path program, Path cache) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(program.toString(), "you", "é");
    builder.environment().remove("HOME");
    builder.environment().remove("XDG_CACHE_HOME");
    if (cache != null) {
      builder.environment().put("XDG_CACHE_HOME", cache.toString());
    }
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), errors);
    assertEquals("", errors);
    assertEquals("hello, you é", lines.get(0));
    return new Run(lines, process.pid());
  }

  private static Path program() {
    return Path.of(System.getenv("PROGRAM"));
  }

  /**
   * Runs a program with a cache that has no archive of it; gives the one that its start has made.
   */
  private Path archive() throws Exception {
    assertEquals("no archive", run(program(), folder).archive());
    Path place = list(folder.resolve("stock/java")).get(0);
    Path archive = place.resolve("classes.jsa");
    try (WatchService changes = place.getFileSystem().newWatchService()) {
      place.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(archive)) {
        WatchKey key = changes.poll(ARCHIVE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(key, "no archive after " + ARCHIVE_SECONDS + " s");
        key.pollEvents();
        key.reset();
      }
    }
    return archive;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    }
  }

  @Test
  void itIsTheMachine() throws Exception {
    Run run = run(program(), null);
    assertEquals(String.valueOf(run.pid()), run.lines().get(1));
    assertEquals("no archive", run.archive());
  }

  @Test
  void anArchiveIsMadeBesideTheFirstStartForLaterOnes() throws Exception {
    Path archive = archive();
    assertEquals("-XX:SharedArchiveFile=" + archive, run(program(), folder).archive());
  }

  @Test
  void aLinkWillDo() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), program().toAbsolutePath());
    assertEquals("no archive", run(link, null).archive());
  }

  @Test
  void aCacheThatCannotBeWrittenIsNone() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals("no archive", run(program(), file).archive());
    assertEquals("no archive", run(program(), Path.of("/proc")).archive());
  }

  @Test
  void anArchiveThatIsBegunIsWaitedForByNobody() throws Exception {
    Path archive = archive();
    Files.delete(archive);
    assertEquals("no archive", run(program(), folder).archive());
    assertFalse(Files.exists(archive));
  }

  @Test
  void anArchiveThatIsBrokenIsPassedOver() throws Exception {
    Path archive = archive();
    Files.delete(archive);
    Files.writeString(archive, "broken");
    assertEquals("-XX:SharedArchiveFile=" + archive, run(program(), folder).archive());
  }
}
