package dev.tofusoup.stock.credentials

import java.nio.file.Path
import java.security.GeneralSecurityException
import java.security.PrivateKey
import java.security.Signature
import java.security.cert.X509Certificate
import java.security.interfaces.RSAKey

/** An end's own certificate chain, which is the leaf and maybe more, and the leaf's private key. */
final case class Identity(chain: Vector[X509Certificate], key: PrivateKey)

object Identity:
  /** Understands a PEM chain and a PEM PKCS#8 key that is not encrypted, and belongs to the leaf. */
  def parse(chainPem: Array[Byte], keyPem: Array[Byte]): Either[CredentialsError, Identity] =
    for
      chain <- Pem.chain(chainPem)
      key <- Pem.privateKey(keyPem)
      // Else some keys would start, and fail every handshake.
      foreign = CredentialsError("identity: the key does not belong to the certificate")
      identity <- Either.cond(belongs(key, chain.head), Identity(chain, key), foreign)
    yield identity

  /** Understands the identity in two files. */
  def read(chain: Path, key: Path): Either[CredentialsError, Identity] =
    for
      chainPem <- Pem.read(chain)
      keyPem <- Pem.read(key)
      identity <- parse(chainPem, keyPem)
    yield identity

  private def belongs(key: PrivateKey, leaf: X509Certificate): Boolean = (key, leaf.getPublicKey) match
    case (own: RSAKey, certified: RSAKey) =>
      own.getModulus == certified.getModulus // a signature of 4096 bits takes long
    case _ =>
      try verifies(key, leaf)
      catch case _: GeneralSecurityException => false // keys of two algorithms, or of two curves

  private def verifies(key: PrivateKey, leaf: X509Certificate): Boolean =
    val something = leaf.getSerialNumber.toByteArray
    val signature = Signature.getInstance(algorithm(key))
    signature.initSign(key)
    signature.update(something)
    val signed = signature.sign()
    signature.initVerify(leaf.getPublicKey)
    signature.update(something)
    signature.verify(signed)

  private def algorithm(key: PrivateKey): String = key.getAlgorithm match
    case "RSA" => "SHA256withRSA"
    case "EC" => "SHA256withECDSA"
    case other => other
