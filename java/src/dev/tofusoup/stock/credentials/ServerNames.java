package dev.tofusoup.stock.credentials;

import com.google.common.net.InetAddresses;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts whom another does, but takes no name of a server from the subject of its certificate: the
 * JDK's check of names (RFC 2818) does where no alternative name is one of DNS, and a subject's
 * common name is no name (RFC 9525, section 2).
 */
final class ServerNames extends X509ExtendedTrustManager {
  /** The kind of a DNS name among alternative names (RFC 5280, section 4.2.1.6). */
  private static final Integer DNS_NAME = 2;

  private final X509ExtendedTrustManager other;

  ServerNames(X509ExtendedTrustManager other) {
    this.other = other;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    other.checkServerTrusted(chain, authType, engine);
    check(chain[0], engine.getPeerHost());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    other.checkServerTrusted(chain, authType, socket);
    check(chain[0], ((SSLSocket) socket).getHandshakeSession().getPeerHost());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    other.checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    other.checkClientTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    other.checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    other.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return other.getAcceptedIssuers();
  }

  /** Refuses a certificate by which the other can have matched its subject only. */
  private static void check(X509Certificate leaf, String host) throws CertificateException {
    // An address it matches with alternative names alone.
    if (host != null && InetAddresses.isInetAddress(host)) {
      return;
    }
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names == null || names.stream().noneMatch(name -> DNS_NAME.equals(name.get(0)))) {
      throw new CertificateException("no alternative name is " + host);
    }
  }
}
