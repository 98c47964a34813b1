package dev.tofusoup.stock.credentials

import dev.tofusoup.stock.testing.TestIdentity
import java.nio.charset.StandardCharsets.US_ASCII
import java.nio.file.Files
import java.nio.file.Path
import scala.jdk.CollectionConverters.CollectionHasAsScala

class CredentialsTest extends munit.FunSuite:
  private val folder = Files.createTempDirectory("credentials")
  private lazy val one = TestIdentity.mint(folder)
  private lazy val other = TestIdentity.mint(folder)

  private def assertRefused(result: Either[CredentialsError, Any], expected: String): Unit = result match
    case Left(CredentialsError(reason)) => assert(reason.contains(expected) && !reason.contains('\n'), reason)
    case Right(taken) => fail(s"taken: $taken")

  private def pem(label: String): Array[Byte] =
    s"-----BEGIN $label-----\nAAAA\n-----END $label-----\n".getBytes(US_ASCII)

  for flags <- Seq(
      Seq("-keyalg", "RSA", "-keysize", "2048"),
      Seq("-keyalg", "EC", "-groupname", "secp384r1"),
      Seq("-keyalg", "EC", "-groupname", "secp521r1")
    )
  do
    test(s"key types: ${flags.mkString(" ")}"):
      val minted = TestIdentity.mint(folder, flags*)
      val contexts =
        for
          identity <- Identity.parse(minted.chain, minted.key)
          roots <- Pem.roots(minted.chain)
          server <- Credentials.server(identity, Some(roots))
          client <- Credentials.client(Some(roots), Some(identity))
        yield (server.isMutual, server.context.isServer, client.isClient)
      assertEquals(contexts, Right((true, true, true)))

  test("the system's roots will do"):
    assertEquals(Credentials.client(None, None).map(_.isClient), Right(true))

  test("a key of another certificate is refused"):
    val rsa = TestIdentity.mint(folder, "-keyalg", "RSA", "-keysize", "2048")
    val expected = "identity: the key does not belong to the certificate"
    assertRefused(Identity.parse(one.chain, other.key), expected)
    assertRefused(Identity.parse(one.chain, rsa.key), expected)

  test("what is no PEM is refused"):
    val nothing = Array.emptyByteArray
    assertRefused(Identity.parse(nothing, one.key), "identity: no PEM certificate")
    assertRefused(Identity.parse(pem("CERTIFICATE"), one.key), "identity: PEM block 1 is not a certificate")
    assertRefused(Identity.parse(one.chain, nothing), "not a PEM PKCS#8 private key")
    assertRefused(Identity.parse(one.chain, one.chain), "not a PEM PKCS#8 private key")
    assertRefused(Identity.parse(one.chain, pem("PRIVATE KEY")), "of no algorithm that is known")
    assertRefused(Pem.roots(nothing), "roots: no PEM certificate")
    assertRefused(Pem.roots(one.chain ++ pem("CERTIFICATE")), "roots: PEM block 2 is not a certificate")
    assertRefused(Pem.clientRoots(nothing), "client roots: no PEM certificate")

  test("files must have something"):
    val file: Path = Files.write(folder.resolve("chain.pem"), one.chain)
    assertEquals(Pem.read(file).map(_.toSeq), Right(one.chain.toSeq))
    val empty: Path = Files.createFile(folder.resolve("empty.pem"))
    assertRefused(Pem.read(empty), s"$empty: empty")
    assertRefused(Pem.read(folder.resolve("none")), s"$folder/none: no such file")
    assertRefused(Pem.read(folder), folder.toString)

  test("ephemeral identities are whole"):
    val leaf = Ephemeral.mint().chain.head
    leaf.checkValidity()
    leaf.verify(leaf.getPublicKey)
    assertEquals(leaf.getSubjectX500Principal.getName, "CN=localhost")
    val names = leaf.getSubjectAlternativeNames.asScala.map(name => (name.get(0), name.get(1))).toVector
    assertEquals(names, Vector((2, "localhost")))
