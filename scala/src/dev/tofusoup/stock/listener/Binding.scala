package dev.tofusoup.stock.listener

import dev.tofusoup.stock.credentials.ServerTls
import java.net.InetAddress

/** Where and how to listen.
  *
  * @param port
  *   0: any free one
  * @param tls
  *   none: plaintext
  */
final case class Binding(address: InetAddress, port: Int, tls: Option[ServerTls], maxReceiveBytes: Int):
  /** What Inventory says. */
  def security: String = tls match
    case None => "plaintext"
    case Some(ServerTls(_, isMutual)) => if isMutual then "mtls" else "tls"
