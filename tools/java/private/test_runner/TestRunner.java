package dev.tofusoup.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of a {@code java_test}: {@code TestRunner JAR}, in which the tests are. */
public final class TestRunner {
  private static final Pattern TEST_CLASS = Pattern.compile("(.*Test)\\.class");

  private TestRunner() {}

  /** Exits with 0 where all tests passed, with 1 where one failed or there was none. */
  public static void main(String[] args) throws IOException {
    String filter = environment("TESTBRIDGE_TEST_ONLY");
    Report report = new Report();
    LauncherFactory.create().execute(request(testClasses(Path.of(args[0])), filter), report);
    report.print(System.out);
    String xml = environment("XML_OUTPUT_FILE");
    if (!xml.isEmpty()) {
      report.write(Path.of(xml), environment("TEST_TARGET"));
    }
    if (report.tests() == 0 && filter.isEmpty()) {
      System.err.println("TestRunner: no test was run");
      System.exit(1);
    }
    System.exit(report.failed() ? 1 : 0);
  }

  private static String environment(String name) {
    return System.getenv().getOrDefault(name, "");
  }

  private static List<String> testClasses(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> TEST_CLASS.matcher(entry.getName()))
          .filter(matcher -> matcher.matches() && !matcher.group(1).contains("$"))
          .map(matcher -> matcher.group(1).replace('/', '.'))
          .sorted()
          .toList();
    }
  }

  private static LauncherDiscoveryRequest request(List<String> classes, String filter) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    classes.forEach(name -> request.selectors(selectClass(name)));
    if (!filter.isEmpty()) {
      request.filters(chosen(filter));
    }
    return request.build();
  }

  private static PostDiscoveryFilter chosen(String filter) {
    return test ->
        FilterResult.includedIf(name(test).map(name -> name.contains(filter)).orElse(true));
  }

  /** A test's name; none of what only has tests. munit's are no methods, but have a class. */
  private static Optional<String> name(TestDescriptor test) {
    TestSource source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      return Optional.of(method.getClassName() + "." + method.getMethodName());
    }
    return test.isTest() && source instanceof ClassSource type
        ? Optional.of(type.getClassName() + "." + test.getDisplayName())
        : Optional.empty();
  }
}
