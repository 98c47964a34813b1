package dev.tofusoup.stock.store;

/** The rule of keys, prefixes and symbols. */
final class Keys {
  private static final int MOST_BYTES = 1024;

  private Keys() {}

  static void check(String key) throws InvalidKeyException {
    if (!valid(key)) {
      throw new InvalidKeyException();
    }
  }

  /** Whether a key is 1 to 1,024 bytes of UTF-8 without U+0000; surrogates stand in pairs only. */
  static boolean valid(String key) {
    int bytes = 0;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < key.length()
                && Character.isLowSurrogate(key.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
        bytes += 4;
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
      if (bytes > MOST_BYTES) {
        return false;
      }
    }
    return bytes > 0;
  }
}
