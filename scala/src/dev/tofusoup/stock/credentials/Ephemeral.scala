package dev.tofusoup.stock.credentials

import java.io.ByteArrayInputStream
import java.nio.charset.StandardCharsets.US_ASCII
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.Signature
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.time.Duration
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.HexFormat
import java.util.Locale

/** Mints an identity for localhost that lives as long as whoever holds it: a key of P-256 and a certificate that it has
  * signed itself (RFC 5280, section 4.1). The JDK has no public way to make one.
  */
object Ephemeral:
  /** What is encoded: a tag of DER and what stands under it. */
  private enum Der(val tag: Int):
    case Sequence extends Der(0x30)
    case Set extends Der(0x31)
    case Integer extends Der(0x02)
    case BitString extends Der(0x03)
    case OctetString extends Der(0x04)
    case Utf8String extends Der(0x0c)
    case UtcTime extends Der(0x17)
    // Tagged fields: of a certificate, and the DNS name among the kinds of alternative names.
    case Version extends Der(0xa0)
    case Extensions extends Der(0xa3)
    case DnsName extends Der(0x82)

    def apply(contents: Array[Byte]*): Array[Byte] =
      val content = contents.toArray.flatten
      val size = content.length
      val length =
        if size < 0x80 then Vector(size)
        else if size < 0x100 then Vector(0x81, size)
        else Vector(0x82, size >> 8, size & 0xff)
      (tag +: length).map(_.toByte).toArray ++ content

  private val EcdsaWithSha256 = hex("06082a8648ce3d040302")
  private val CommonName = hex("0603550403")
  private val AlternativeNames = hex("0603551d11")
  private val Localhost = "localhost".getBytes(US_ASCII)
  private val Version3 = Array[Byte](2)
  private val Time = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC)

  /** Mints one; GeneralSecurityException where the JDK cannot. */
  def mint(): Identity =
    val generator = KeyPairGenerator.getInstance("EC")
    generator.initialize(256)
    val pair = generator.generateKeyPair()
    val algorithm = Der.Sequence(EcdsaWithSha256)
    val body = certificateBody(algorithm, pair.getPublic.getEncoded)
    val encoded = Der.Sequence(body, algorithm, Der.BitString(Array[Byte](0), sign(pair.getPrivate, body)))
    CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(encoded)) match
      case leaf: X509Certificate => Identity(Vector(leaf), pair.getPrivate)
      case other => throw IllegalStateException(s"no certificate of X.509: $other")

  private def certificateBody(algorithm: Array[Byte], publicKey: Array[Byte]): Array[Byte] =
    val name = Der.Sequence(Der.Set(Der.Sequence(CommonName, Der.Utf8String(Localhost))))
    val names = Der.OctetString(Der.Sequence(Der.DnsName(Localhost)))
    Der.Sequence(
      Der.Version(Der.Integer(Version3)),
      Der.Integer(Array[Byte](1)),
      algorithm,
      name,
      Der.Sequence(time(Duration.ofHours(-1)), time(Duration.ofHours(24))),
      name,
      publicKey,
      Der.Extensions(Der.Sequence(Der.Sequence(AlternativeNames, names)))
    )

  private def sign(key: PrivateKey, body: Array[Byte]): Array[Byte] =
    val signature = Signature.getInstance("SHA256withECDSA")
    signature.initSign(key)
    signature.update(body)
    signature.sign()

  private def time(fromNow: Duration): Array[Byte] =
    Der.UtcTime(Time.format(Instant.now().plus(fromNow)).getBytes(US_ASCII))

  private def hex(digits: String): Array[Byte] = HexFormat.of().parseHex(digits)
