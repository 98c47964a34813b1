package dev.tofusoup.stock.credentials

import com.google.common.net.InetAddresses
import java.net.Socket
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.X509ExtendedTrustManager
import scala.jdk.CollectionConverters.CollectionHasAsScala

/** Trusts whom another does, but takes no name of a server from the subject of its certificate: the JDK's check of names
  * (RFC 2818) does where no alternative name is one of DNS, and a subject's common name is no name (RFC 9525, section
  * 2). netty's engines ask by `SSLEngine`; nothing here has a socket.
  */
final private[credentials] class ServerNames(other: X509ExtendedTrustManager) extends X509ExtendedTrustManager:
  override def checkServerTrusted(chain: Array[X509Certificate], authType: String, engine: SSLEngine): Unit =
    other.checkServerTrusted(chain, authType, engine)
    check(chain(0), Option(engine.getPeerHost))

  override def checkServerTrusted(chain: Array[X509Certificate], authType: String, socket: Socket): Unit =
    throw CertificateException("no engine to tell the server's name")

  override def checkServerTrusted(chain: Array[X509Certificate], authType: String): Unit =
    throw CertificateException("nothing to tell the server's name")

  override def checkClientTrusted(chain: Array[X509Certificate], authType: String, engine: SSLEngine): Unit =
    other.checkClientTrusted(chain, authType, engine)

  override def checkClientTrusted(chain: Array[X509Certificate], authType: String, socket: Socket): Unit =
    other.checkClientTrusted(chain, authType, socket)

  override def checkClientTrusted(chain: Array[X509Certificate], authType: String): Unit =
    other.checkClientTrusted(chain, authType)

  override def getAcceptedIssuers: Array[X509Certificate] = other.getAcceptedIssuers

  /** Refuses a certificate by which the other can have matched its subject only. */
  private def check(leaf: X509Certificate, host: Option[String]): Unit =
    val names = Option(leaf.getSubjectAlternativeNames).fold(Nil)(_.asScala.toList)
    val isNamed = names.exists(_.get(0) == ServerNames.Dns)
    // An address the other matches with alternative names alone.
    if !isNamed && !host.exists(InetAddresses.isInetAddress) then
      throw CertificateException(s"no alternative name is ${host.getOrElse("the host's")}")

private object ServerNames:
  /** The kind of a DNS name among alternative names (RFC 5280, section 4.2.1.6). */
  private val Dns = Integer.valueOf(2)
