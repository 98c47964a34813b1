package dev.tofusoup.stock.options;

/** Exit codes of the two programs; an RPC that failed is {@link #RPC} plus its status code. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int NOT_SERVING = 1;
  public static final int USAGE = 2;
  public static final int CANNOT_BIND = 3;
  public static final int INTERNAL = 4;
  public static final int RPC = 64;

  private ExitCode() {}
}
