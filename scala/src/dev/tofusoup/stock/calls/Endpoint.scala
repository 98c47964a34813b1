package dev.tofusoup.stock.calls

import io.netty.handler.ssl.SslContext
import java.net.InetSocketAddress

/** Where a server is and how to reach it.
  *
  * @param tls
  *   none: plaintext
  * @param authority
  *   also what the server's certificate is verified against; none: the host
  */
final case class Endpoint(
    address: InetSocketAddress,
    tls: Option[SslContext],
    authority: Option[String],
    maxReceiveBytes: Int
)
