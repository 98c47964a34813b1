package dev.tofusoup.stock.directive

import com.google.protobuf.ByteString
import dev.tofusoup.stock.headers.Headers
import io.grpc.Context
import io.grpc.Grpc
import io.grpc.Metadata
import io.grpc.ServerCall
import java.nio.charset.StandardCharsets.US_ASCII
import java.util.Base64
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.SSLPeerUnverifiedException
import javax.net.ssl.SSLSession
import tofusoup.stock.session.Observation
import tofusoup.stock.session.Observed

/** Counts what the server sees of one call, and reports it at the call's end. */
final private[directive] class Observer private (begun: Observation, report: Observation => Unit):
  private val messagesRead = AtomicInteger()
  private val messagesSent = AtomicInteger()

  def read(): Unit =
    val _ = messagesRead.incrementAndGet()

  def sent(): Unit =
    val _ = messagesSent.incrementAndGet()

  /** Reports the call.
    *
    * @param cancelled
    *   whether it ended by cancellation or by its deadline
    */
  def ended(cancelled: Boolean): Unit =
    report(begun.copy(messagesRead = messagesRead.get, messagesSent = messagesSent.get, cancelled = cancelled))

private[directive] object Observer:
  private val Encoding = Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)
  private val Base64Lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))

  /** An observer of a call that begins now; without a tag it reports nothing. */
  def of(tag: String, call: ServerCall[?, ?], headers: Metadata, report: Report): Observer =
    if tag.isEmpty then Observer(Observation(), _ => ())
    else Observer(begin(call, headers), seen => report(Observed(tag, Some(seen))))

  private def begin(call: ServerCall[?, ?], headers: Metadata): Observation =
    val session = Option(call.getAttributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
    Observation(
      metadata = Some(Headers.fromGrpc(headers)),
      deadlineNs = Option(Context.current().getDeadline).map(_.timeRemaining(NANOSECONDS)),
      requestEncoding = Option(headers.get(Encoding)).getOrElse(""),
      tlsVersion = session.fold("")(_.getProtocol.replace("TLSv", "")),
      peerCertificatePem = session.fold(ByteString.EMPTY)(peerCertificate)
    )

  private def peerCertificate(session: SSLSession): ByteString =
    try
      val body = Base64Lines.encodeToString(session.getPeerCertificates()(0).getEncoded)
      ByteString.copyFrom(s"-----BEGIN CERTIFICATE-----\n$body\n-----END CERTIFICATE-----\n", US_ASCII)
    catch case _: SSLPeerUnverifiedException => ByteString.EMPTY // offered none
