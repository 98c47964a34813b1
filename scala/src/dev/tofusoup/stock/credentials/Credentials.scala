package dev.tofusoup.stock.credentials

import io.grpc.netty.GrpcSslContexts
import io.netty.handler.ssl.ClientAuth
import io.netty.handler.ssl.SslContext
import io.netty.handler.ssl.SslContextBuilder
import io.netty.handler.ssl.SslProvider
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.cert.X509Certificate
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509ExtendedTrustManager
import scala.jdk.CollectionConverters.SeqHasAsJava

/** The TLS of a listener. */
final case class ServerTls(context: SslContext, isMutual: Boolean)

/** Turns PEM material into TLS contexts, TLS 1.2 or 1.3, of netty's BoringSSL. Chains are verified by the JDK: BoringSSL
  * asks its trust manager.
  */
object Credentials:
  private val Protocols = Vector("TLSv1.3", "TLSv1.2")

  /** The TLS of a server.
    *
    * @param clientRoots
    *   what clients' chains must lead to, which makes it mutual; none for no certificates of clients
    */
  def server(
      identity: Identity,
      clientRoots: Option[Vector[X509Certificate]]
  ): Either[CredentialsError, ServerTls] = setUp:
    val asked = if clientRoots.isDefined then ClientAuth.REQUIRE else ClientAuth.NONE
    // Where nobody is asked for a certificate any roots will do; without, netty loads the system's, which takes long.
    val roots = clientRoots.getOrElse(identity.chain)
    val builder = SslContextBuilder.forServer(IdentityKeyManager(identity)).trustManager(roots.asJava)
    ServerTls(build(builder.clientAuth(asked)), clientRoots.isDefined)

  /** The context of a client, which verifies the server.
    *
    * @param roots
    *   what servers' chains must lead to; none for the system's
    * @param identity
    *   what is offered; none for nothing
    */
  def client(
      roots: Option[Vector[X509Certificate]],
      identity: Option[Identity]
  ): Either[CredentialsError, SslContext] = setUp:
    val builder = SslContextBuilder.forClient().trustManager(ServerNames(trustManager(roots)))
    build(identity.fold(builder)(own => builder.keyManager(IdentityKeyManager(own))))

  private def trustManager(roots: Option[Vector[X509Certificate]]): X509ExtendedTrustManager =
    val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm)
    roots match
      case None => factory.init(null: KeyStore | Null) // the system's
      case Some(certificates) => factory.init(store(certificates))
    factory.getTrustManagers
      .collectFirst { case manager: X509ExtendedTrustManager => manager }
      .getOrElse(throw GeneralSecurityException("the JDK has no trust manager"))

  private def store(roots: Vector[X509Certificate]): KeyStore =
    val store = KeyStore.getInstance(KeyStore.getDefaultType)
    store.load(null, null)
    roots.zipWithIndex.foreach((root, i) => store.setCertificateEntry(s"root $i", root))
    store

  private def build(builder: SslContextBuilder): SslContext =
    GrpcSslContexts.configure(builder, SslProvider.OPENSSL).protocols(Protocols*).build()

  private def setUp[A](work: => A): Either[CredentialsError, A] =
    try Right(work)
    catch
      case e @ (_: GeneralSecurityException | _: IOException | _: IllegalArgumentException) =>
        Left(CredentialsError(s"TLS cannot be set up: ${e.getMessage}"))
