package dev.tofusoup.stock.credentials

import java.net.Socket
import java.security.Principal
import java.security.PrivateKey
import java.security.cert.X509Certificate
import javax.net.ssl.X509ExtendedKeyManager

/**
 * Offers one identity, whatever is asked for. The JDK's own key manager takes a key store, which
 * encrypts the key and decrypts it again: a tenth of a second.
 */
internal class IdentityKeyManager(
    private val identity: Identity,
) : X509ExtendedKeyManager() {
    override fun chooseClientAlias(
        keyTypes: Array<String>,
        issuers: Array<Principal>?,
        socket: Socket?,
    ): String? = ALIAS.takeIf { keyTypes.any(::fits) }

    override fun chooseServerAlias(
        keyType: String,
        issuers: Array<Principal>?,
        socket: Socket?,
    ): String? = ALIAS.takeIf { fits(keyType) }

    override fun getCertificateChain(alias: String): Array<X509Certificate> = identity.chain.toTypedArray()

    override fun getPrivateKey(alias: String): PrivateKey = identity.key

    override fun getClientAliases(
        keyType: String,
        issuers: Array<Principal>?,
    ): Array<String>? = getServerAliases(keyType, issuers)

    override fun getServerAliases(
        keyType: String,
        issuers: Array<Principal>?,
    ): Array<String>? = if (fits(keyType)) arrayOf(ALIAS) else null

    /** Whether a key type of TLS, `EC` or `RSA`, is the key's. */
    private fun fits(keyType: String): Boolean = keyType == identity.key.algorithm

    private companion object {
        const val ALIAS = "identity"
    }
}
