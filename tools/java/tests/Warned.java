package outcomes;

/** What javac lets pass and Error Prone does not. */
final class Warned {
  private Warned() {}

  static boolean same(Integer a, Integer b) {
    return a == b;
  }
}
