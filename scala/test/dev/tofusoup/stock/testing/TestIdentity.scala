package dev.tofusoup.stock.testing

import java.io.ByteArrayInputStream
import java.nio.charset.StandardCharsets.US_ASCII
import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.util.Base64
import java.util.concurrent.TimeUnit.SECONDS

/** A self-signed identity for localhost and 127.0.0.1 as PEM, minted for a test; its chain is its own root. */
final case class TestIdentity(chain: Array[Byte], key: Array[Byte])

object TestIdentity:
  private val Password = "password"

  /** Mints one in a folder; of the curve P-256 unless something else is said. */
  def mint(folder: Path, flags: String*): TestIdentity =
    val algorithm = if flags.isEmpty then Seq("-keyalg", "EC", "-groupname", "secp256r1") else flags
    generate(folder, algorithm ++ Seq("-ext", "san=dns:localhost,ip:127.0.0.1"))

  /** Mints one whose subject alone says localhost. */
  def mintWithoutNames(folder: Path): TestIdentity =
    generate(folder, Seq("-keyalg", "EC", "-groupname", "secp256r1"))

  private def generate(folder: Path, flags: Seq[String]): TestIdentity =
    val store = Files.createTempDirectory(folder, "identity").resolve("store.p12")
    val line = Seq(s"${System.getProperty("java.home")}/bin/keytool", "-J-XX:TieredStopAtLevel=1", "-genkeypair") ++
      Seq("-keystore", store.toString, "-storepass", Password, "-dname", "CN=localhost") ++ flags
    val keytool = ProcessBuilder(line*).redirectErrorStream(true).start()
    val said = String(keytool.getInputStream.readAllBytes(), US_ASCII)
    if !keytool.waitFor(60, SECONDS) || keytool.exitValue != 0 then
      throw IllegalStateException(s"keytool failed: $said")
    val keys = KeyStore.getInstance("PKCS12")
    keys.load(ByteArrayInputStream(Files.readAllBytes(store)), Password.toCharArray)
    val alias = keys.aliases.nextElement()
    TestIdentity(
      pem("CERTIFICATE", keys.getCertificate(alias).getEncoded),
      pem("PRIVATE KEY", keys.getKey(alias, Password.toCharArray).getEncoded)
    )

  private def pem(label: String, der: Array[Byte]): Array[Byte] =
    val body = Base64.getMimeEncoder(64, Array('\n'.toByte)).encodeToString(der)
    s"-----BEGIN $label-----\n$body\n-----END $label-----\n".getBytes(US_ASCII)
