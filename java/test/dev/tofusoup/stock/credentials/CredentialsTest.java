package dev.tofusoup.stock.credentials;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tofusoup.stock.testing.TestIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CredentialsTest {
  @TempDir static Path folder;
  private static TestIdentity one;
  private static TestIdentity other;

  @BeforeAll
  static void mint() throws Exception {
    one = TestIdentity.mint(folder);
    other = TestIdentity.mint(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, -keysize, 2048",
    "EC, -groupname, secp384r1",
    "EC, -groupname, secp521r1",
    "Ed25519, -validity, 2",
  })
  void keyTypes(String algorithm, String flag, String value) throws Exception {
    TestIdentity minted = TestIdentity.mint(folder, algorithm, flag, value);
    Identity identity = Identity.parse(minted.chain(), minted.key());
    assertEquals(1, identity.chain().size());
    assertTrue(Credentials.server(identity, Pem.clientRoots(minted.chain())).isServer());
    assertFalse(Credentials.client(Pem.roots(minted.chain()), identity).isServer());
  }

  @Test
  void theSystemsRootsWillDo() throws Exception {
    assertTrue(Credentials.client(null, null).isClient());
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    TestIdentity rsa = TestIdentity.mint(folder, "RSA", "-keysize", "2048");
    String expected = "identity: the key does not belong to the certificate";
    refuses(expected, () -> Identity.parse(one.chain(), other.key()));
    refuses(expected, () -> Identity.parse(one.chain(), rsa.key()));
  }

  @Test
  void whatIsNoPemIsRefused() {
    byte[] nothing = {};
    byte[] wrong =
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".getBytes(US_ASCII);
    byte[] noKey =
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".getBytes(US_ASCII);
    refuses("identity: no PEM certificate", () -> Identity.parse(nothing, one.key()));
    refuses("identity: PEM block 1 is not a certificate", () -> Identity.parse(wrong, one.key()));
    refuses("not a PEM PKCS#8 private key", () -> Identity.parse(one.chain(), nothing));
    refuses("not a PEM PKCS#8 private key", () -> Identity.parse(one.chain(), one.chain()));
    refuses("of no algorithm that is known", () -> Identity.parse(one.chain(), noKey));
    refuses("roots: no PEM certificate", () -> Pem.roots(nothing));
    refuses("roots: PEM block 2 is not a certificate", () -> Pem.roots(concat(one.chain(), wrong)));
    refuses("client roots: no PEM certificate", () -> Pem.clientRoots(nothing));
  }

  @Test
  void filesMustHaveSomething() throws Exception {
    Path file = Files.write(folder.resolve("chain.pem"), one.chain());
    assertArrayEquals(one.chain(), Pem.read(file));
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    refuses(empty + ": empty", () -> Pem.read(empty));
    refuses(folder + "/none: no such file", () -> Pem.read(folder.resolve("none")));
    refuses(folder.toString(), () -> Pem.read(folder));
  }

  @Test
  void ephemeralIdentitiesAreWhole() throws Exception {
    Identity identity = Ephemeral.mint();
    identity.chain().get(0).checkValidity();
    identity.chain().get(0).verify(identity.chain().get(0).getPublicKey());
    assertEquals("CN=localhost", identity.chain().get(0).getSubjectX500Principal().getName());
    assertEquals(
        List.of(List.of(2, "localhost")),
        List.copyOf(identity.chain().get(0).getSubjectAlternativeNames()));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void refuses(String expected, org.junit.jupiter.api.function.Executable step) {
    String message = assertThrows(CredentialsException.class, step).getMessage();
    assertTrue(message.contains(expected) && !message.contains("\n"), message);
  }
}
