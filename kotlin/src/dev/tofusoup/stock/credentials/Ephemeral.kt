package dev.tofusoup.stock.credentials

import java.io.ByteArrayOutputStream
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.HexFormat
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.toJavaDuration

/**
 * Mints an identity for localhost that lives as long as whoever holds it: a key of P-256 and a
 * certificate that it has signed itself (RFC 5280, section 4.1). The JDK has no public way to make
 * one.
 */
object Ephemeral {
    private const val SEQUENCE = 0x30
    private const val SET = 0x31
    private const val INTEGER = 0x02
    private const val BIT_STRING = 0x03
    private const val OCTET_STRING = 0x04
    private const val UTF8_STRING = 0x0C
    private const val UTC_TIME = 0x17

    // Tagged fields: of a certificate, and the DNS name among the kinds of alternative names.
    private const val VERSION = 0xA0
    private const val EXTENSIONS = 0xA3
    private const val DNS_NAME = 0x82
    private val VERSION_3 = byteArrayOf(2)

    private const val KEY_BITS = 256
    private val ECDSA_WITH_SHA256 = hex("06082a8648ce3d040302")
    private val COMMON_NAME = hex("0603550403")
    private val ALTERNATIVE_NAMES = hex("0603551d11")
    private val LOCALHOST = "localhost".toByteArray()
    private val TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC)

    /** Mints one. */
    fun mint(): Identity {
        val pair = KeyPairGenerator.getInstance("EC").apply { initialize(KEY_BITS) }.generateKeyPair()
        val algorithm = der(SEQUENCE, ECDSA_WITH_SHA256)
        val body = body(pair.public.encoded, algorithm)
        val signature = Signature.getInstance("SHA256withECDSA")
        signature.initSign(pair.private)
        signature.update(body)
        val certificate = der(SEQUENCE, body, algorithm, der(BIT_STRING, byteArrayOf(0), signature.sign()))
        val factory = CertificateFactory.getInstance("X.509")
        return Identity(listOf(factory.generateCertificate(certificate.inputStream()) as X509Certificate), pair.private)
    }

    private fun body(
        publicKey: ByteArray,
        algorithm: ByteArray,
    ): ByteArray {
        val name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, LOCALHOST))))
        val names = der(OCTET_STRING, der(SEQUENCE, der(DNS_NAME, LOCALHOST)))
        return der(
            SEQUENCE,
            der(VERSION, der(INTEGER, VERSION_3)),
            der(INTEGER, byteArrayOf(1)),
            algorithm,
            name,
            der(SEQUENCE, time((-1).hours), time(24.hours)),
            name,
            publicKey,
            der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAMES, names))),
        )
    }

    private fun time(fromNow: Duration): ByteArray = der(UTC_TIME, TIME.format(Instant.now() + fromNow.toJavaDuration()).toByteArray())

    private fun der(
        tag: Int,
        vararg contents: ByteArray,
    ): ByteArray {
        val length = contents.sumOf { it.size }
        val out = ByteArrayOutputStream()
        out.write(tag)
        when {
            length > 0xFF -> out.writeBytes(byteArrayOf(0x82.toByte(), (length shr Byte.SIZE_BITS).toByte()))
            length > 0x7F -> out.write(0x81)
        }
        out.write(length and 0xFF)
        contents.forEach(out::writeBytes)
        return out.toByteArray()
    }

    private fun hex(digits: String): ByteArray = HexFormat.of().parseHex(digits)
}
