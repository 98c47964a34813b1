package dev.tofusoup.stock.credentials

import java.io.IOException
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
import kotlin.io.path.inputStream

/** Reads PEM material strictly: what cannot be understood is an error, not passed over. */
object Pem {
    /** More than any chain needs: a device without an end must not be read for ever. */
    private const val MOST_BYTES = 4 shl 20

    private val BLOCK = Regex("-----BEGIN ([A-Z0-9 ]+)-----\\s*([^-]*)-----END \\1-----")
    private val ALGORITHMS = listOf("RSA", "EC", "EdDSA")

    /** The content of a file that must have some. */
    fun read(file: Path): ByteArray {
        val content =
            try {
                file.inputStream().use { it.readNBytes(MOST_BYTES) }
            } catch (e: NoSuchFileException) {
                throw CredentialsException("$file: no such file", e)
            } catch (e: IOException) {
                throw CredentialsException(unreadable(file, e), e)
            }
        if (content.isEmpty()) {
            throw CredentialsException("$file: empty")
        }
        return content
    }

    /** The certificates that a server's peers must have chains to. */
    fun clientRoots(pem: ByteArray): List<X509Certificate> = certificates(pem, "client roots")

    /** The certificates that a client's peers must have chains to. */
    fun roots(pem: ByteArray): List<X509Certificate> = certificates(pem, "roots")

    /** An identity's chain. */
    fun chain(pem: ByteArray): List<X509Certificate> = certificates(pem, "identity")

    /** The private key of a PEM text. */
    fun privateKey(pem: ByteArray): PrivateKey {
        val block = BLOCK.find(pem.toString(Charsets.ISO_8859_1))
        if (block == null || block.groupValues[1] != "PRIVATE KEY") {
            throw CredentialsException("identity: the key is not a PEM PKCS#8 private key")
        }
        val key =
            try {
                PKCS8EncodedKeySpec(decode(block.groupValues[2]))
            } catch (e: IllegalArgumentException) {
                throw CredentialsException("identity: the key does not decode", e)
            }
        return ALGORITHMS.firstNotNullOfOrNull { privateKey(key, it) }
            ?: throw CredentialsException("identity: the key is of no algorithm that is known")
    }

    /** A key of an algorithm, or null for one of another. */
    private fun privateKey(
        key: PKCS8EncodedKeySpec,
        algorithm: String,
    ): PrivateKey? =
        try {
            KeyFactory.getInstance(algorithm).generatePrivate(key)
        } catch (_: GeneralSecurityException) {
            null
        }

    /** The certificates of a PEM text, at least one; [what] names the text in an error. */
    private fun certificates(
        pem: ByteArray,
        what: String,
    ): List<X509Certificate> {
        val blocks = BLOCK.findAll(pem.toString(Charsets.ISO_8859_1)).toList()
        if (blocks.isEmpty()) {
            throw CredentialsException("$what: no PEM certificate")
        }
        return blocks.mapIndexed { index, block ->
            try {
                certificate(decode(block.groupValues[2]))
            } catch (e: CertificateException) {
                throw CredentialsException("$what: PEM block ${index + 1} is not a certificate", e)
            } catch (e: IllegalArgumentException) {
                throw CredentialsException("$what: PEM block ${index + 1} is not a certificate", e)
            }
        }
    }

    private fun unreadable(
        file: Path,
        error: IOException,
    ): String {
        val reason = error.message ?: error.javaClass.simpleName
        return if (reason.startsWith(file.toString())) "$reason: cannot be read" else "$file: $reason"
    }

    private fun decode(base64: String): ByteArray = Base64.getMimeDecoder().decode(base64)

    private fun certificate(der: ByteArray): X509Certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(der.inputStream()) as X509Certificate
}
