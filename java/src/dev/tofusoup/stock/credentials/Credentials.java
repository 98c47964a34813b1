package dev.tofusoup.stock.credentials;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2SecurityUtil;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Turns PEM material into TLS contexts. The JDK's TLS: the other one that netty has knows no P-521.
 */
public final class Credentials {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /**
   * HTTP/2's, ChaCha20 first: the JDK's AES needs its second compiler to be quick, which these
   * programs do without, and else is six times slower.
   */
  private static final List<String> CIPHERS =
      Http2SecurityUtil.CIPHERS.stream()
          .sorted(Comparator.comparing((String name) -> !name.contains("CHACHA20")))
          .toList();

  private Credentials() {}

  /**
   * The context of a server: TLS 1.2 or 1.3.
   *
   * @param clientRoots what clients' chains must lead to, which makes it mutual TLS; null for none
   */
  public static SslContext server(Identity identity, List<X509Certificate> clientRoots)
      throws CredentialsException {
    SslContextBuilder builder = SslContextBuilder.forServer(new IdentityKeyManager(identity));
    if (clientRoots != null) {
      builder.trustManager(clientRoots).clientAuth(ClientAuth.REQUIRE);
    }
    return build(builder);
  }

  /**
   * The context of a client, which verifies the server.
   *
   * @param roots what servers' chains must lead to; null for the system's
   * @param identity what is offered; null for nothing
   */
  public static SslContext client(List<X509Certificate> roots, Identity identity)
      throws CredentialsException {
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(new ServerNames(trustManager(roots)));
    if (identity != null) {
      builder.keyManager(new IdentityKeyManager(identity));
    }
    return build(builder);
  }

  private static X509ExtendedTrustManager trustManager(List<X509Certificate> roots)
      throws CredentialsException {
    try {
      KeyStore store = null; // the system's roots
      if (roots != null) {
        store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (X509Certificate root : roots) {
          store.setCertificateEntry("root " + store.size(), root);
        }
      }
      String algorithm = TrustManagerFactory.getDefaultAlgorithm();
      TrustManagerFactory factory = TrustManagerFactory.getInstance(algorithm);
      factory.init(store);
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new CredentialsException("roots cannot be set up: " + e.getMessage(), e);
    }
  }

  private static SslContext build(SslContextBuilder builder) throws CredentialsException {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK)
          .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .protocols(PROTOCOLS)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new CredentialsException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }
}
