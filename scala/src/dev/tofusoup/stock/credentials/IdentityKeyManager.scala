package dev.tofusoup.stock.credentials

import java.net.Socket
import java.security.Principal
import java.security.PrivateKey
import java.security.cert.X509Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.X509ExtendedKeyManager

/** Offers one identity, whatever is asked for. netty would put the key into a key store, which encrypts it and decrypts
  * it again: a tenth of a second.
  */
final private[credentials] class IdentityKeyManager(identity: Identity) extends X509ExtendedKeyManager:
  import IdentityKeyManager.Alias

  private type Issuers = Array[Principal] | Null

  override def chooseEngineClientAlias(
      keyTypes: Array[String] | Null,
      issuers: Issuers,
      engine: SSLEngine | Null
  ): String | Null = aliasOf(Option(keyTypes).exists(_.exists(fits)))

  override def chooseEngineServerAlias(keyType: String, issuers: Issuers, engine: SSLEngine | Null): String | Null =
    aliasOf(fits(keyType))

  override def chooseClientAlias(keyTypes: Array[String] | Null, issuers: Issuers, socket: Socket | Null): String |
    Null =
    aliasOf(Option(keyTypes).exists(_.exists(fits)))

  override def chooseServerAlias(keyType: String, issuers: Issuers, socket: Socket | Null): String | Null =
    aliasOf(fits(keyType))

  override def getClientAliases(keyType: String, issuers: Issuers): Array[String] | Null =
    Array(Alias).filter(_ => fits(keyType))

  override def getServerAliases(keyType: String, issuers: Issuers): Array[String] | Null =
    getClientAliases(keyType, issuers)

  override def getCertificateChain(alias: String): Array[X509Certificate] = identity.chain.toArray

  override def getPrivateKey(alias: String): PrivateKey = identity.key

  /** The JDK's word for no alias is null. */
  private def aliasOf(offered: Boolean): String | Null = if offered then Alias else null

  /** Whether a key type of TLS, `EC` or `RSA`, is the key's. */
  private def fits(keyType: String): Boolean = keyType == identity.key.getAlgorithm

private object IdentityKeyManager:
  private val Alias = "identity"
