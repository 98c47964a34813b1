package dev.tofusoup.stock.credentials

import java.io.ByteArrayInputStream
import java.io.IOException
import java.nio.charset.StandardCharsets.ISO_8859_1
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.PrivateKey
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.security.spec.PKCS8EncodedKeySpec
import java.util.Base64
import scala.util.Using

/** Reads PEM material strictly: what cannot be understood is an error, not passed over. */
object Pem:
  /** More than any chain needs: a device without an end must not be read for ever. */
  private val MostBytes = 4 << 20

  private val Block = "-----BEGIN ([A-Z0-9 ]+)-----\\s*([^-]*)-----END \\1-----".r
  private val Algorithms = Vector("RSA", "EC", "EdDSA")

  /** The content of a file that must have some. */
  def read(file: Path): Either[CredentialsError, Array[Byte]] =
    try
      val content = Using.resource(Files.newInputStream(file))(_.readNBytes(MostBytes))
      Either.cond(content.nonEmpty, content, CredentialsError(s"$file: empty"))
    catch
      case _: NoSuchFileException => Left(CredentialsError(s"$file: no such file"))
      case e: IOException => Left(CredentialsError(unreadable(file, e)))

  /** The certificates that a server's peers must have chains to. */
  def clientRoots(pem: Array[Byte]): Either[CredentialsError, Vector[X509Certificate]] =
    certificates(pem, "client roots")

  /** The certificates that a client's peers must have chains to. */
  def roots(pem: Array[Byte]): Either[CredentialsError, Vector[X509Certificate]] = certificates(pem, "roots")

  /** An identity's chain. */
  private[credentials] def chain(pem: Array[Byte]): Either[CredentialsError, Vector[X509Certificate]] =
    certificates(pem, "identity")

  /** The private key of a PEM text. */
  private[credentials] def privateKey(pem: Array[Byte]): Either[CredentialsError, PrivateKey] =
    blocks(pem).nextOption() match
      case Some(("PRIVATE KEY", base64)) =>
        for
          der <- decode(base64).toRight(CredentialsError("identity: the key does not decode"))
          unknown = CredentialsError("identity: the key is of no algorithm that is known")
          key <- Algorithms.iterator.flatMap(key(_, PKCS8EncodedKeySpec(der))).nextOption().toRight(unknown)
        yield key
      case _ => Left(CredentialsError("identity: the key is not a PEM PKCS#8 private key"))

  private def unreadable(file: Path, error: IOException): String =
    val reason = Option(error.getMessage).getOrElse(error.getClass.getSimpleName)
    if reason.startsWith(file.toString) then s"$reason: cannot be read" else s"$file: $reason"

  /** The certificates of a PEM text, at least one. */
  private def certificates(pem: Array[Byte], what: String): Either[CredentialsError, Vector[X509Certificate]] =
    val none: Either[CredentialsError, Vector[X509Certificate]] = Right(Vector.empty)
    val all = blocks(pem).foldLeft(none): (before, block) =>
      for
        done <- before
        wrong = CredentialsError(s"$what: PEM block ${done.size + 1} is not a certificate")
        certificate <- decode(block(1)).flatMap(certificate).toRight(wrong)
      yield done :+ certificate
    all.filterOrElse(_.nonEmpty, CredentialsError(s"$what: no PEM certificate"))

  private def blocks(pem: Array[Byte]): Iterator[(String, String)] =
    Block
      .findAllMatchIn(String(pem, ISO_8859_1))
      .flatMap: block =>
        Option(block.group(1)).zip(Option(block.group(2)))

  private def decode(base64: String): Option[Array[Byte]] =
    try Some(Base64.getMimeDecoder.decode(base64))
    catch case _: IllegalArgumentException => None

  private def certificate(der: Array[Byte]): Option[X509Certificate] =
    try
      CertificateFactory.getInstance("X.509").generateCertificate(ByteArrayInputStream(der)) match
        case certificate: X509Certificate => Some(certificate)
        case _ => None
    catch case _: CertificateException => None

  private def key(algorithm: String, encoded: PKCS8EncodedKeySpec): Option[PrivateKey] =
    try Some(KeyFactory.getInstance(algorithm).generatePrivate(encoded))
    catch case _: GeneralSecurityException => None // a key of another algorithm
