package outcomes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A finding fails the test of the linter, and is shown. */
final class LintTest {
  @Test
  void aFindingIsShown() throws Exception {
    Process process = new ProcessBuilder(System.getenv("LINTED")).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(1, process.waitFor());
    assertTrue(output.contains("[BoxedPrimitiveEquality]"), output);
  }
}
