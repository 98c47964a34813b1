package dev.tofusoup.stock.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed identity for localhost and 127.0.0.1, minted for a test; its chain is its own root.
 *
 * @param chain PEM
 * @param key PEM, PKCS#8
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record TestIdentity(byte[] chain, byte[] key) {
  private static final char[] PASSWORD = "password".toCharArray();

  /** Mints one in a folder. */
  public static TestIdentity mint(Path folder, String algorithm, String... flags)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of("-keyalg", algorithm, "-ext", "san=dns:localhost,ip:127.0.0.1"));
    return generate(folder, all);
  }

  /** Mints one of the curve P-256. */
  public static TestIdentity mint(Path folder) throws IOException {
    return mint(folder, "EC", "-groupname", "secp256r1");
  }

  /** Mints one whose subject alone says localhost. */
  public static TestIdentity mintWithoutNames(Path folder) throws IOException {
    return generate(folder, List.of("-keyalg", "EC", "-groupname", "secp256r1"));
  }

  private static TestIdentity generate(Path folder, List<String> flags) throws IOException {
    Path store = Files.createTempDirectory(folder, "identity").resolve("store.p12");
    String home = System.getProperty("java.home");
    ProcessBuilder keytool =
        new ProcessBuilder(
            home + "/bin/keytool",
            "-J-XX:TieredStopAtLevel=1",
            "-genkeypair",
            "-keystore",
            store.toString(),
            "-storepass",
            "password",
            "-dname",
            "CN=localhost");
    keytool.command().addAll(flags);
    Process process = keytool.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try (InputStream input = Files.newInputStream(store)) {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + said);
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(input, PASSWORD);
      String alias = keys.aliases().nextElement();
      return new TestIdentity(
          pem("CERTIFICATE", keys.getCertificate(alias).getEncoded()),
          pem("PRIVATE KEY", keys.getKey(alias, PASSWORD).getEncoded()));
    } catch (GeneralSecurityException | InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static byte[] pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, body, label)
        .getBytes(US_ASCII);
  }
}
