package dev.tofusoup.stock.credentials;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.List;

/**
 * An end's own certificate chain, leaf first, and the leaf's private key.
 *
 * @param chain at least the leaf
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
  /**
   * Understands a PEM chain and a PEM PKCS#8 key that is not encrypted, and belongs to the leaf.
   */
  public static Identity parse(byte[] chainPem, byte[] keyPem) throws CredentialsException {
    List<X509Certificate> chain = Pem.chain(chainPem);
    PrivateKey key = Pem.privateKey(keyPem);
    // grpc-java would start with any key, and fail every handshake.
    if (!belongs(key, chain.get(0))) {
      throw new CredentialsException("identity: the key does not belong to the certificate");
    }
    return new Identity(chain, key);
  }

  /** Understands the identity in two files. */
  public static Identity read(Path chain, Path key) throws CredentialsException {
    return parse(Pem.read(chain), Pem.read(key));
  }

  private static boolean belongs(PrivateKey key, X509Certificate leaf) {
    if (key instanceof RSAKey own && leaf.getPublicKey() instanceof RSAKey certified) {
      return own.getModulus().equals(certified.getModulus()); // a signature of 4096 bits takes long
    }
    byte[] something = leaf.getSerialNumber().toByteArray();
    try {
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(something);
      byte[] signed = signature.sign();
      signature.initVerify(leaf.getPublicKey());
      signature.update(something);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // keys of two algorithms, or of two curves
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
