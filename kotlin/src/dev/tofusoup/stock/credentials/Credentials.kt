package dev.tofusoup.stock.credentials

import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.cert.X509Certificate
import javax.net.ssl.KeyManager
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManager
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509ExtendedTrustManager

/**
 * The TLS of a server.
 *
 * @property mutual whether clients must have a certificate
 */
class ServerTls(
    val context: SSLContext,
    val mutual: Boolean,
)

/** Turns PEM material into TLS contexts of the JDK. */
object Credentials {
    /** The versions of TLS that both ends speak. */
    val PROTOCOLS: Array<String> get() = arrayOf("TLSv1.3", "TLSv1.2")

    /**
     * HTTP/2's, ChaCha20 first: the JDK's AES needs its second compiler to be quick, which these
     * programs do without, and else is six times slower.
     */
    val CIPHERS: Array<String>
        get() =
            arrayOf(
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_AES_128_GCM_SHA256",
                "TLS_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            )

    /**
     * The TLS of a server.
     *
     * @param clientRoots what clients' chains must lead to, which makes it mutual TLS; null for none
     */
    fun server(
        identity: Identity,
        clientRoots: List<X509Certificate>?,
    ): ServerTls = ServerTls(context(identity, clientRoots?.let(::trustManager)), mutual = clientRoots != null)

    /**
     * The TLS of a client, which verifies the server.
     *
     * @param roots what servers' chains must lead to; null for the system's
     * @param identity what is offered; null for nothing
     */
    fun client(
        roots: List<X509Certificate>?,
        identity: Identity?,
    ): SSLContext = context(identity, ServerNames(trustManager(roots)))

    private fun context(
        identity: Identity?,
        trust: TrustManager?,
    ): SSLContext =
        try {
            SSLContext.getInstance("TLS").apply {
                init(
                    identity?.let { arrayOf<KeyManager>(IdentityKeyManager(it)) },
                    trust?.let { arrayOf(it) },
                    null,
                )
            }
        } catch (e: GeneralSecurityException) {
            throw CredentialsException("TLS cannot be set up: ${e.message}", e)
        }

    /** Trusts what leads to some roots, or to the system's where they are null. */
    private fun trustManager(roots: List<X509Certificate>?): X509ExtendedTrustManager =
        try {
            val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
            factory.init(roots?.let(::keyStore))
            factory.trustManagers.first() as X509ExtendedTrustManager
        } catch (e: GeneralSecurityException) {
            throw CredentialsException("roots cannot be set up: ${e.message}", e)
        }

    private fun keyStore(roots: List<X509Certificate>): KeyStore =
        KeyStore.getInstance(KeyStore.getDefaultType()).apply {
            load(null, null)
            roots.forEachIndexed { index, root -> setCertificateEntry("root $index", root) }
        }
}
