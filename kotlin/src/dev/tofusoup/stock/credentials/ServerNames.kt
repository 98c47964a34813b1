package dev.tofusoup.stock.credentials

import com.google.common.net.InetAddresses
import java.net.Socket
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLSocket
import javax.net.ssl.X509ExtendedTrustManager

/**
 * Trusts whom another does, but takes no name of a server from the subject of its certificate: the
 * JDK's check of names (RFC 2818) does where no alternative name is one of DNS, and a subject's
 * common name is no name (RFC 9525, section 2).
 */
internal class ServerNames(
    private val other: X509ExtendedTrustManager,
) : X509ExtendedTrustManager() {
    override fun checkServerTrusted(
        chain: Array<X509Certificate>,
        authType: String,
        engine: SSLEngine,
    ) {
        other.checkServerTrusted(chain, authType, engine)
        check(chain.first(), engine.peerHost)
    }

    override fun checkServerTrusted(
        chain: Array<X509Certificate>,
        authType: String,
        socket: Socket,
    ) {
        other.checkServerTrusted(chain, authType, socket)
        check(chain.first(), (socket as SSLSocket).handshakeSession.peerHost)
    }

    override fun checkServerTrusted(
        chain: Array<X509Certificate>,
        authType: String,
    ) = other.checkServerTrusted(chain, authType)

    override fun checkClientTrusted(
        chain: Array<X509Certificate>,
        authType: String,
        engine: SSLEngine,
    ) = other.checkClientTrusted(chain, authType, engine)

    override fun checkClientTrusted(
        chain: Array<X509Certificate>,
        authType: String,
        socket: Socket,
    ) = other.checkClientTrusted(chain, authType, socket)

    override fun checkClientTrusted(
        chain: Array<X509Certificate>,
        authType: String,
    ) = other.checkClientTrusted(chain, authType)

    override fun getAcceptedIssuers(): Array<X509Certificate> = other.acceptedIssuers
}

/** Refuses a certificate by which the JDK can have matched its subject only. */
private fun check(
    leaf: X509Certificate,
    host: String?,
) {
    // An address it matches with alternative names alone.
    if (host != null && InetAddresses.isInetAddress(host.removeSurrounding("[", "]"))) {
        return
    }
    if (leaf.subjectAlternativeNames.orEmpty().none { it.first() == DNS_NAME }) {
        throw CertificateException("no alternative name is $host")
    }
}

/** The kind of a DNS name among alternative names (RFC 5280, section 4.2.1.6). */
private const val DNS_NAME = 2
