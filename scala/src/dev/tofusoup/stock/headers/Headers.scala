package dev.tofusoup.stock.headers

import com.google.protobuf.ByteString
import io.grpc.Metadata
import java.nio.charset.StandardCharsets.ISO_8859_1
import java.nio.charset.StandardCharsets.UTF_8
import scala.jdk.CollectionConverters.IterableHasAsScala
import scala.jdk.CollectionConverters.SetHasAsScala
import tofusoup.stock.session
import tofusoup.stock.session.Header

/** Converts metadata between gRPC's form and the session protocol's. */
object Headers:
  /** Carries a serialized google.rpc.Status. */
  val Details: Metadata.Key[Array[Byte]] = binary("grpc-status-details-bin")

  private val Reserved = Set("content-type", "te")

  /** The entries that belong to the application; values of a name keep their order. Those that HTTP/2 and gRPC keep to
    * themselves are left out.
    */
  def fromGrpc(metadata: Metadata): session.Metadata =
    session.Metadata(metadata.keys.asScala.toVector.filterNot(isReserved).flatMap(entries(metadata, _)))

  /** Metadata as gRPC takes it; IllegalArgumentException where it takes a name not. */
  def toGrpc(metadata: session.Metadata): Metadata =
    val out = Metadata()
    metadata.entries.foreach: entry =>
      if isBinary(entry.name) then out.put(binary(entry.name), entry.value.toByteArray)
      else out.put(text(entry.name), entry.value.toString(ISO_8859_1))
    out

  private def entries(metadata: Metadata, name: String): Iterable[Header] =
    def all[A](key: Metadata.Key[A])(bytes: A => ByteString) =
      Option(metadata.getAll(key)).fold(Nil)(_.asScala).map(value => Header(name, bytes(value)))
    if isBinary(name) then all(binary(name))(ByteString.copyFrom(_))
    else all(text(name))(ByteString.copyFrom(_, UTF_8))

  private def isBinary(name: String): Boolean = name.endsWith(Metadata.BINARY_HEADER_SUFFIX)

  private def isReserved(name: String): Boolean =
    name.startsWith(":") || name.startsWith("grpc-") || Reserved(name)

  private def text(name: String): Metadata.Key[String] = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)

  private def binary(name: String): Metadata.Key[Array[Byte]] = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)
