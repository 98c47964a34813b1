package dev.tofusoup.stock.session;

import dev.tofusoup.stock.listener.Binding;
import tofusoup.stock.session.Security;

/** What both roles understand of a command alike. */
final class Securities {
  private Securities() {}

  static String name(Security security) throws RefusalException {
    return switch (security) {
      case SECURITY_PLAINTEXT -> Binding.PLAINTEXT;
      case SECURITY_TLS -> "tls";
      case SECURITY_MTLS -> "mtls";
      default ->
          throw new RefusalException(
              "security: %s given, plaintext, tls or mtls expected", security);
    };
  }

  /** The limit that a command gives: 0 is the usual one, and none is above what Java can hold. */
  static int maxReceiveBytes(int given) {
    if (given == 0) {
      return Binding.DEFAULT_RECEIVE_BYTES;
    }
    return given < 0 ? Integer.MAX_VALUE : given;
  }
}
