package dev.tofusoup.stock.credentials;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Mints an identity for localhost that lives as long as whoever holds it: a key of P-256 and a
 * certificate that it has signed itself (RFC 5280, section 4.1). The JDK has no public way to make
 * one.
 */
public final class Ephemeral {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int UTF8_STRING = 0x0C;
  private static final int UTC_TIME = 0x17;

  // Tagged fields: of a certificate, and the DNS name among the kinds of alternative names.
  private static final int VERSION = 0xA0;
  private static final int EXTENSIONS = 0xA3;
  private static final int DNS_NAME = 0x82;
  private static final byte[] VERSION_3 = {2};

  private static final byte[] ECDSA_WITH_SHA256 = hex("06082a8648ce3d040302");
  private static final byte[] COMMON_NAME = hex("0603550403");
  private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
  private static final byte[] LOCALHOST = "localhost".getBytes(US_ASCII);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Ephemeral() {}

  /** Mints one. */
  public static Identity mint() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
    byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, LOCALHOST))));
    byte[] names = der(OCTET_STRING, der(SEQUENCE, der(DNS_NAME, LOCALHOST)));
    byte[] body =
        der(
            SEQUENCE,
            der(VERSION, der(INTEGER, VERSION_3)),
            der(INTEGER, new byte[] {1}),
            algorithm,
            name,
            der(SEQUENCE, time(Duration.ofHours(-1)), time(Duration.ofHours(24))),
            name,
            pair.getPublic().getEncoded(),
            der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAMES, names))));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body);
    byte[] certificate =
        der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[] {0}, signature.sign()));
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    var leaf = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate));
    return new Identity(List.of(leaf), pair.getPrivate());
  }

  private static byte[] time(Duration fromNow) {
    return der(UTC_TIME, TIME.format(Instant.now().plus(fromNow)).getBytes(US_ASCII));
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] each : contents) {
      content.writeBytes(each);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length & 0xFF);
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
