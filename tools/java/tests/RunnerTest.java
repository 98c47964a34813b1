package outcomes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What runs the tests of a java_test tells of each, and fails where one does or where there is
 * none.
 */
final class RunnerTest {
  @TempDir Path folder;

  private record End(int code, String output, String xml) {}

  private End run(String program, String filter) throws Exception {
    Path xml = folder.resolve("test.xml");
    ProcessBuilder builder = new ProcessBuilder(System.getenv(program));
    builder.environment().put("XML_OUTPUT_FILE", xml.toString());
    builder.environment().put("TESTBRIDGE_TEST_ONLY", filter);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new End(process.waitFor(), output, Files.readString(xml));
  }

  @Test
  void eachOutcomeIsTold() throws Exception {
    End end = run("FAILING", "");
    assertEquals(1, end.code());
    assertTrue(end.output().contains("ok      FailingTest.passes"), end.output());
    assertTrue(end.output().contains("FAILED  FailingTest.fails"), end.output());
    assertTrue(end.output().contains("for a reason"), end.output());
    assertTrue(end.xml().contains("expected: &lt;&lt;expected&gt;&gt;"), end.xml());
    assertTrue(end.xml().contains("<skipped message='for a reason'/>"), end.xml());
  }

  @Test
  void aFilterChooses() throws Exception {
    assertEquals(0, run("FAILING", "FailingTest.passes").code());
    assertEquals(1, run("FAILING", "fails").code());
    assertEquals(0, run("FAILING", "of another target").code());
  }

  @Test
  void noTestIsNoPass() throws Exception {
    End end = run("EMPTY", "");
    assertEquals(1, end.code());
    assertTrue(end.output().contains("no test was run"), end.output());
  }
}
