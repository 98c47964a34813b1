package dev.tofusoup.junit;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** What became of the tests: lines for a person, and the XML that Bazel reads. */
final class Report implements TestExecutionListener {
  /** How a test ended. A container (a class) is among them only where it failed itself. */
  private record Outcome(String name, double seconds, String skipped, Throwable fault) {}

  private final Map<TestIdentifier, Long> started = new HashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  @Override
  public synchronized void executionStarted(TestIdentifier test) {
    started.put(test, System.nanoTime());
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    outcomes.add(new Outcome(name(test), 0, reason, null));
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Throwable fault = result.getThrowable().orElse(null);
    if (test.isTest() || fault != null) {
      double seconds = (System.nanoTime() - started.get(test)) / 1e9;
      outcomes.add(new Outcome(name(test), seconds, null, fault));
    }
  }

  /** How many tests there were. */
  synchronized int tests() {
    return outcomes.size();
  }

  /** Whether one failed. */
  synchronized boolean failed() {
    return outcomes.stream().anyMatch(outcome -> outcome.fault() != null);
  }

  /** Prints a line for each test, and why those failed that did. */
  synchronized void print(PrintStream out) {
    for (Outcome outcome : outcomes) {
      String verdict =
          outcome.fault() != null ? "FAILED" : outcome.skipped() != null ? "skipped" : "ok";
      out.printf("%-7s %s (%.3f s)%n", verdict, outcome.name(), outcome.seconds());
      if (outcome.skipped() != null) {
        out.println("        " + outcome.skipped());
      }
      if (outcome.fault() != null) {
        out.println(trace(outcome.fault()));
      }
    }
  }

  /** Writes JUnit's XML. */
  synchronized void write(Path path, String suite) throws IOException {
    StringBuilder xml = new StringBuilder("<?xml version='1.0' encoding='UTF-8'?>\n");
    xml.append("<testsuites><testsuite name='%s'>\n".formatted(escaped(suite)));
    for (Outcome outcome : outcomes) {
      xml.append(
          "<testcase name='%s' classname='%s' time='%.3f'>"
              .formatted(escaped(outcome.name()), escaped(suite), outcome.seconds()));
      if (outcome.skipped() != null) {
        xml.append("<skipped message='%s'/>".formatted(escaped(outcome.skipped())));
      }
      if (outcome.fault() != null) {
        xml.append("<failure>%s</failure>".formatted(escaped(trace(outcome.fault()))));
      }
      xml.append("</testcase>\n");
    }
    Files.writeString(path, xml.append("</testsuite></testsuites>\n"));
  }

  private static String name(TestIdentifier test) {
    String shown = test.getDisplayName();
    return test.getSource()
        .map(
            source -> {
              if (source instanceof MethodSource method) {
                String name = simple(method.getClassName()) + "." + method.getMethodName();
                return shown.startsWith(method.getMethodName()) ? name : name + " " + shown;
              }
              if (source instanceof ClassSource type) {
                String name = simple(type.getClassName());
                return test.isTest() ? name + "." + shown : name;
              }
              return shown;
            })
        .orElse(shown);
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String trace(Throwable fault) {
    StringWriter text = new StringWriter();
    fault.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&apos;");
  }
}
