package greeting;

import tofusoup.stock.GetRequest;

/** A greeting that needs generated code, and with it the dependency layer. */
public final class Greeting {
  private Greeting() {}

  /** Greets somebody. */
  public static String of(String name) {
    return "hello, " + GetRequest.newBuilder().setKey(name).build().getKey();
  }
}
