package dev.tofusoup.stock;

/** What the two programs are: in Hello, in Inventory and to --version. */
public final class About {
  public static final String VERSION = BuildInfo.VERSION;
  public static final String LANGUAGE = "java";
  public static final String LIBRARY = "grpc-java " + BuildInfo.GRPC_VERSION;
  public static final String RUNTIME = "java " + System.getProperty("java.version");
  public static final String TRANSPORT = "netty";
  public static final String TLS_STACK = "jsse";

  private About() {}

  /** What a program prints for --version: {@code stock_server 0.1.0 java grpc-java 1.85.0}. */
  public static String line(String program) {
    return String.join(" ", program, VERSION, LANGUAGE, LIBRARY);
  }
}
