package dev.tofusoup.stock.credentials

import java.nio.file.Path
import java.security.GeneralSecurityException
import java.security.PrivateKey
import java.security.Signature
import java.security.cert.X509Certificate
import java.security.interfaces.RSAKey

/**
 * An end's own certificate chain, leaf first, and the leaf's private key.
 *
 * @property chain at least the leaf
 */
class Identity(
    val chain: List<X509Certificate>,
    val key: PrivateKey,
) {
    companion object {
        /** Understands a PEM chain and a PEM PKCS#8 key that is not encrypted, and belongs to the leaf. */
        fun parse(
            chainPem: ByteArray,
            keyPem: ByteArray,
        ): Identity {
            val chain = Pem.chain(chainPem)
            val key = Pem.privateKey(keyPem)
            // The JDK would start with any key, and fail every handshake.
            if (!belongs(key, chain.first())) {
                throw CredentialsException("identity: the key does not belong to the certificate")
            }
            return Identity(chain, key)
        }

        /** Understands the identity in two files. */
        fun read(
            chain: Path,
            key: Path,
        ): Identity = parse(Pem.read(chain), Pem.read(key))
    }
}

private fun belongs(
    key: PrivateKey,
    leaf: X509Certificate,
): Boolean {
    val certified = leaf.publicKey
    if (key is RSAKey && certified is RSAKey) {
        return key.modulus == certified.modulus // a signature of 4096 bits takes long
    }
    val something = leaf.serialNumber.toByteArray()
    return try {
        val signature = Signature.getInstance(algorithm(key))
        signature.initSign(key)
        signature.update(something)
        val signed = signature.sign()
        signature.initVerify(certified)
        signature.update(something)
        signature.verify(signed)
    } catch (_: GeneralSecurityException) {
        false // keys of two algorithms, or of two curves
    }
}

private fun algorithm(key: PrivateKey): String =
    when (key.algorithm) {
        "RSA" -> "SHA256withRSA"
        "EC" -> "SHA256withECDSA"
        else -> key.algorithm
    }
