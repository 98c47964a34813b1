package dev.tofusoup.stock.credentials;

/** Files or PEM material that cannot be used; the message is one line for a person. */
public final class CredentialsException extends Exception {
  /** A reason in one line. */
  public CredentialsException(String reason) {
    super(reason);
  }

  CredentialsException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
