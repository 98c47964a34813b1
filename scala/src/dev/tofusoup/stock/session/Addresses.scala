package dev.tofusoup.stock.session

import com.google.common.net.InetAddresses
import dev.tofusoup.stock.options.ServerOptions
import java.net.InetAddress
import tofusoup.stock.session.Security

/** What both roles understand of a command alike. */
private[session] object Addresses:
  def literal(host: String): Either[Refusal, InetAddress] =
    if InetAddresses.isInetAddress(host) then Right(InetAddresses.forString(host))
    else Left(Refusal(s"host: \"$host\" given, a literal address expected"))

  def noSecurity(security: Security): Refusal =
    Refusal(s"security: ${security.name} given, plaintext, tls or mtls expected")

  /** The limit that a command gives: 0 is the usual one, and none is above what Java can hold. */
  def maxReceiveBytes(asked: Int): Int =
    if asked == 0 then ServerOptions.DefaultReceiveBytes else if asked < 0 then Int.MaxValue else asked
