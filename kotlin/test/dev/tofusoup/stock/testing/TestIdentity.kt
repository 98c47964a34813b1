package dev.tofusoup.stock.testing

import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.util.Base64
import java.util.concurrent.TimeUnit
import kotlin.io.path.inputStream

/**
 * A self-signed identity for localhost and 127.0.0.1, minted for a test; its chain is its own root.
 *
 * @property chain PEM
 * @property key PEM, PKCS#8
 */
class TestIdentity(
    val chain: ByteArray,
    val key: ByteArray,
) {
    companion object {
        private const val PASSWORD = "password"
        private const val MINT_SECONDS = 60L
        private const val PEM_LINE = 64
        private val P256 = arrayOf("-keyalg", "EC", "-groupname", "secp256r1")

        /** Mints one in a folder, of the curve P-256 unless flags of keytool say otherwise. */
        fun mint(
            folder: Path,
            vararg flags: String = P256,
        ): TestIdentity = generate(folder, listOf("-ext", "san=dns:localhost,ip:127.0.0.1") + flags)

        /** Mints one whose subject alone says localhost. */
        fun mintWithoutNames(folder: Path): TestIdentity = generate(folder, P256.asList())

        private fun generate(
            folder: Path,
            flags: List<String>,
        ): TestIdentity {
            val store = Files.createTempDirectory(folder, "identity").resolve("store.p12")
            val keytool = listOf("${System.getProperty("java.home")}/bin/keytool", "-J-XX:TieredStopAtLevel=1", "-genkeypair")
            val where = listOf("-keystore", store.toString(), "-storepass", PASSWORD, "-dname", "CN=localhost")
            val process = ProcessBuilder(keytool + where + flags).redirectErrorStream(true).start()
            val said = process.inputStream.readAllBytes().decodeToString()
            check(process.waitFor(MINT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) { "keytool failed: $said" }
            val keys = KeyStore.getInstance("PKCS12")
            store.inputStream().use { keys.load(it, PASSWORD.toCharArray()) }
            val alias = keys.aliases().nextElement()
            return TestIdentity(
                pem("CERTIFICATE", keys.getCertificate(alias).encoded),
                pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).encoded),
            )
        }

        private fun pem(
            label: String,
            der: ByteArray,
        ): ByteArray {
            val body = Base64.getMimeEncoder(PEM_LINE, "\n".toByteArray()).encodeToString(der)
            return "-----BEGIN $label-----\n$body\n-----END $label-----\n".toByteArray()
        }
    }
}
