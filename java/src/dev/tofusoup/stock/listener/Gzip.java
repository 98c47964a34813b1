package dev.tofusoup.stock.listener;

import io.grpc.Decompressor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Reads requests in gzip, and says INTERNAL of what is none: the library's own throws where no
 * interceptor can tell it from a fault of the handler, or of the library.
 */
final class Gzip implements Decompressor {
  @Override
  public String getMessageEncoding() {
    return "gzip";
  }

  @Override
  public InputStream decompress(InputStream compressed) {
    return new Message(compressed);
  }

  /** A message, whose header is read with its first byte: that is the handler's side. */
  private static final class Message extends InputStream {
    private final InputStream compressed;
    private InputStream opened;

    Message(InputStream compressed) {
      this.compressed = compressed;
    }

    @Override
    public int read() {
      try {
        return open().read();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      try {
        return open().read(into, offset, length);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public void close() throws IOException {
      compressed.close();
    }

    private InputStream open() throws IOException {
      if (opened == null) {
        opened = new GZIPInputStream(compressed);
      }
      return opened;
    }

    private static StatusRuntimeException unreadable(IOException e) {
      return Status.INTERNAL
          .withDescription("the request does not decompress")
          .withCause(e)
          .asRuntimeException();
    }
  }
}
