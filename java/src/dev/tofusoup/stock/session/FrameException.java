package dev.tofusoup.stock.session;

/** Standard input is not a stream of frames; the message is one line. It ends the session. */
public final class FrameException extends Exception {
  FrameException(String reason) {
    super(reason);
  }
}
