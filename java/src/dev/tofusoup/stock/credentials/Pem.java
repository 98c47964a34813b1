package dev.tofusoup.stock.credentials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM material strictly: what cannot be understood is an error, not passed over. */
public final class Pem {
  /** More than any chain needs: a device without an end must not be read for ever. */
  private static final int MOST_BYTES = 4 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([^-]*)-----END \\1-----");

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /** The content of a file that must have some. */
  public static byte[] read(Path file) throws CredentialsException {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] content = input.readNBytes(MOST_BYTES);
      if (content.length == 0) {
        throw new CredentialsException(file + ": empty");
      }
      return content;
    } catch (NoSuchFileException e) {
      throw new CredentialsException(file + ": no such file", e);
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new CredentialsException(
          reason.startsWith(file.toString()) ? reason + ": cannot be read" : file + ": " + reason,
          e);
    }
  }

  /** The certificates that a server's peers must have chains to. */
  public static List<X509Certificate> clientRoots(byte[] pem) throws CredentialsException {
    return certificates(pem, "client roots");
  }

  /** The certificates that a client's peers must have chains to. */
  public static List<X509Certificate> roots(byte[] pem) throws CredentialsException {
    return certificates(pem, "roots");
  }

  /** An identity's chain. */
  static List<X509Certificate> chain(byte[] pem) throws CredentialsException {
    return certificates(pem, "identity");
  }

  /**
   * The certificates of a PEM text, at least one.
   *
   * @param what names the text in an error
   */
  private static List<X509Certificate> certificates(byte[] pem, String what)
      throws CredentialsException {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(new String(pem, ISO_8859_1));
    while (block.find()) {
      int number = certificates.size() + 1;
      try {
        certificates.add(certificate(decode(block.group(2))));
      } catch (CertificateException | IllegalArgumentException e) {
        throw new CredentialsException(
            "%s: PEM block %d is not a certificate".formatted(what, number), e);
      }
    }
    if (certificates.isEmpty()) {
      throw new CredentialsException(what + ": no PEM certificate");
    }
    return certificates;
  }

  /** The private key of a PEM text. */
  static PrivateKey privateKey(byte[] pem) throws CredentialsException {
    Matcher block = BLOCK.matcher(new String(pem, ISO_8859_1));
    if (!block.find() || !block.group(1).equals("PRIVATE KEY")) {
      throw new CredentialsException("identity: the key is not a PEM PKCS#8 private key");
    }
    PKCS8EncodedKeySpec key;
    try {
      key = new PKCS8EncodedKeySpec(decode(block.group(2)));
    } catch (IllegalArgumentException e) {
      throw new CredentialsException("identity: the key does not decode", e);
    }
    GeneralSecurityException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (GeneralSecurityException e) {
        last = e; // a key of another algorithm
      }
    }
    throw new CredentialsException("identity: the key is of no algorithm that is known", last);
  }

  private static byte[] decode(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
  }
}
