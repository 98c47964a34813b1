package greeting;

import java.lang.management.ManagementFactory;

/** Says what it was given, and how it was started. */
public final class Hello {
  private Hello() {}

  /** Prints a line each: the greeting, the process number, the machine's flag for an archive. */
  public static void main(String[] args) {
    System.out.println(Greeting.of(String.join(" ", args)));
    System.out.println(ProcessHandle.current().pid());
    System.out.println(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("-XX:SharedArchiveFile="))
            .findFirst()
            .orElse("no archive"));
  }
}
