package dev.tofusoup.stock.credentials

import dev.tofusoup.stock.testing.TestIdentity
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import java.nio.file.Path
import kotlin.io.path.createFile
import kotlin.io.path.writeBytes

class CredentialsTest {
    @TempDir
    lateinit var folder: Path
    private val one by lazy { TestIdentity.mint(folder) }
    private val other by lazy { TestIdentity.mint(folder) }

    @ParameterizedTest
    @CsvSource(
        "RSA, -keysize, 2048",
        "EC, -groupname, secp384r1",
        "EC, -groupname, secp521r1",
        "Ed25519, -validity, 2",
    )
    fun keyTypes(
        algorithm: String,
        flag: String,
        value: String,
    ) {
        val minted = TestIdentity.mint(folder, "-keyalg", algorithm, flag, value)
        val identity = Identity.parse(minted.chain, minted.key)
        assertEquals(1, identity.chain.size)
        assertTrue(Credentials.server(identity, Pem.clientRoots(minted.chain)).mutual)
        assertFalse(Credentials.server(identity, null).mutual)
        Credentials.client(Pem.roots(minted.chain), identity).createSSLEngine()
    }

    @Test
    fun theSystemsRootsWillDo() {
        val protocols = Credentials.client(null, null).supportedSSLParameters.protocols
        assertTrue(protocols.asList().containsAll(Credentials.PROTOCOLS.asList()))
    }

    @Test
    fun aKeyOfAnotherCertificateIsRefused() {
        val rsa = TestIdentity.mint(folder, "-keyalg", "RSA", "-keysize", "2048")
        val expected = "identity: the key does not belong to the certificate"
        refuses(expected) { Identity.parse(one.chain, other.key) }
        refuses(expected) { Identity.parse(one.chain, rsa.key) }
    }

    @Test
    fun whatIsNoPemIsRefused() {
        val nothing = byteArrayOf()
        val wrong = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".toByteArray()
        val noKey = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".toByteArray()
        refuses("identity: no PEM certificate") { Identity.parse(nothing, one.key) }
        refuses("identity: PEM block 1 is not a certificate") { Identity.parse(wrong, one.key) }
        refuses("not a PEM PKCS#8 private key") { Identity.parse(one.chain, nothing) }
        refuses("not a PEM PKCS#8 private key") { Identity.parse(one.chain, one.chain) }
        refuses("of no algorithm that is known") { Identity.parse(one.chain, noKey) }
        refuses("roots: no PEM certificate") { Pem.roots(nothing) }
        refuses("roots: PEM block 2 is not a certificate") { Pem.roots(one.chain + wrong) }
        refuses("client roots: no PEM certificate") { Pem.clientRoots(nothing) }
    }

    @Test
    fun filesMustHaveSomething() {
        val file = folder.resolve("chain.pem")
        file.writeBytes(one.chain)
        assertArrayEquals(one.chain, Pem.read(file))
        val empty = folder.resolve("empty.pem").createFile()
        refuses("$empty: empty") { Pem.read(empty) }
        refuses("$folder/none: no such file") { Pem.read(folder.resolve("none")) }
        refuses("$folder") { Pem.read(folder) }
    }

    @Test
    fun ephemeralIdentitiesAreWhole() {
        val leaf = Ephemeral.mint().chain.single()
        leaf.checkValidity()
        leaf.verify(leaf.publicKey)
        assertEquals("CN=localhost", leaf.subjectX500Principal.name)
        assertEquals(listOf(listOf(2, "localhost")), leaf.subjectAlternativeNames.toList())
    }

    private fun refuses(
        expected: String,
        step: () -> Unit,
    ) {
        val message = assertThrows<CredentialsException> { step() }.message.orEmpty()
        assertTrue(expected in message && '\n' !in message, message)
    }
}
