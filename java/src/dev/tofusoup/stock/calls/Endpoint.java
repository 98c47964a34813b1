package dev.tofusoup.stock.calls;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;

/**
 * Where a server is and how to reach it.
 *
 * @param credentials null: plaintext
 * @param authority also what the server's certificate is verified against; null: the host
 */
public record Endpoint(
    InetSocketAddress address, SslContext credentials, String authority, int maxReceiveBytes) {}
