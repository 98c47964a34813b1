package dev.tofusoup.stock.listener;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetAddress;

/**
 * Where and how to listen.
 *
 * @param port 0: any free one
 * @param security what Inventory says: plaintext, tls or mtls
 * @param credentials null: plaintext
 */
public record Binding(
    InetAddress address, int port, String security, SslContext credentials, int maxReceiveBytes) {
  /** The largest message read, unless somebody says otherwise. */
  public static final int DEFAULT_RECEIVE_BYTES = 4 << 20;

  /** The security of a binding without credentials. */
  public static final String PLAINTEXT = "plaintext";
}
