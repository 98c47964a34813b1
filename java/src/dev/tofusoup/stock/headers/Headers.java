package dev.tofusoup.stock.headers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import tofusoup.stock.session.Header;

/** Converts metadata between gRPC's form and the session protocol's. */
public final class Headers {
  /** Carries a serialized google.rpc.Status. */
  public static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private Headers() {}

  /**
   * The entries that belong to the application; values of a name keep their order. Those that
   * HTTP/2 and gRPC keep to themselves are left out.
   */
  public static tofusoup.stock.session.Metadata fromGrpc(Metadata metadata) {
    var out = tofusoup.stock.session.Metadata.newBuilder();
    for (String name : metadata.keys()) {
      if (reserved(name)) {
        continue;
      }
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        for (byte[] value : metadata.getAll(binary(name))) {
          out.addEntries(entry(name, ByteString.copyFrom(value)));
        }
      } else {
        for (String value : metadata.getAll(text(name))) {
          out.addEntries(entry(name, ByteString.copyFrom(value, UTF_8)));
        }
      }
    }
    return out.build();
  }

  /** Metadata as gRPC takes it. */
  public static Metadata toGrpc(tofusoup.stock.session.Metadata metadata) {
    Metadata out = new Metadata();
    for (Header entry : metadata.getEntriesList()) {
      if (entry.getName().endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        out.put(binary(entry.getName()), entry.getValue().toByteArray());
      } else {
        out.put(text(entry.getName()), entry.getValue().toString(ISO_8859_1));
      }
    }
    return out;
  }

  private static Header.Builder entry(String name, ByteString value) {
    return Header.newBuilder().setName(name).setValue(value);
  }

  private static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static Metadata.Key<byte[]> binary(String name) {
    return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
  }

  private static boolean reserved(String name) {
    return name.startsWith(":")
        || name.startsWith("grpc-")
        || name.equals("content-type")
        || name.equals("te");
  }
}
