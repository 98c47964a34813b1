package dev.tofusoup.stock.session;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import tofusoup.stock.session.Command;

/** Frames: four bytes of length, big-endian, then one message. */
final class Frames {
  static final int MAX_BYTES = 16 << 20;

  private Frames() {}

  /** The next command, or null at the end of the input. */
  static Command read(InputStream input) throws IOException, FrameException {
    byte[] head = input.readNBytes(Integer.BYTES);
    if (head.length == 0) {
      return null;
    }
    if (head.length < Integer.BYTES) {
      throw new FrameException("standard input ends within a frame");
    }
    long size = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
    if (size > MAX_BYTES) {
      throw new FrameException("a frame of %d bytes; at most %d".formatted(size, MAX_BYTES));
    }
    byte[] body = input.readNBytes((int) size);
    if (body.length < size) {
      throw new FrameException("standard input ends within a frame");
    }
    try {
      return Command.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new FrameException("a frame does not decode as a Command");
    }
  }

  /** Writes a message; false, and nothing is written, where it is too large for a frame. */
  static boolean write(MessageLite message, OutputStream output) throws IOException {
    int size = message.getSerializedSize();
    if (size > MAX_BYTES) {
      return false;
    }
    output.write(ByteBuffer.allocate(Integer.BYTES).putInt(size).array());
    message.writeTo(output);
    return true;
  }
}
