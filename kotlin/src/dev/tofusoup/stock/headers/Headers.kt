package dev.tofusoup.stock.headers

import com.google.protobuf.ByteString
import io.grpc.Metadata
import tofusoup.stock.session.Header

/** Converts metadata between gRPC's form and the session protocol's. */
object Headers {
    /** Carries a serialized google.rpc.Status. */
    val DETAILS: Metadata.Key<ByteArray> = binary("grpc-status-details-bin")

    /**
     * The entries that belong to the application; values of a name keep their order. Those that
     * HTTP/2 and gRPC keep to themselves are left out.
     */
    fun fromGrpc(metadata: Metadata): tofusoup.stock.session.Metadata {
        val out =
            tofusoup.stock.session.Metadata
                .newBuilder()
        for (name in metadata.keys().filterNot(::isReserved)) {
            values(metadata, name).forEach { out.addEntries(Header.newBuilder().setName(name).setValue(it)) }
        }
        return out.build()
    }

    /** Metadata as gRPC takes it. */
    fun toGrpc(metadata: tofusoup.stock.session.Metadata): Metadata {
        val out = Metadata()
        for (entry in metadata.entriesList) {
            if (isBinary(entry.name)) {
                out.put(binary(entry.name), entry.value.toByteArray())
            } else {
                out.put(text(entry.name), entry.value.toString(Charsets.ISO_8859_1))
            }
        }
        return out
    }

    /** The size of metadata as HTTP/2 counts it (RFC 9113, section 6.5.2). */
    fun size(metadata: Metadata): Int =
        metadata.keys().sumOf { name ->
            values(metadata, name).sumOf { value ->
                val length = if (isBinary(name)) (value.size() + 2) / GROUP * ENCODED_GROUP else value.size()
                name.length + length + ENTRY_BYTES
            }
        }

    private fun values(
        metadata: Metadata,
        name: String,
    ): List<ByteString> =
        if (isBinary(name)) {
            metadata.getAll(binary(name))?.map { ByteString.copyFrom(it) }.orEmpty()
        } else {
            metadata.getAll(text(name))?.map { ByteString.copyFromUtf8(it) }.orEmpty()
        }

    private fun isBinary(name: String) = name.endsWith(Metadata.BINARY_HEADER_SUFFIX)

    private fun text(name: String): Metadata.Key<String> = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)

    private fun binary(name: String): Metadata.Key<ByteArray> = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)

    private fun isReserved(name: String) = name.startsWith(":") || name.startsWith("grpc-") || name in RESERVED

    private val RESERVED = setOf("content-type", "te")
    private const val ENTRY_BYTES = 32

    // Base64.
    private const val GROUP = 3
    private const val ENCODED_GROUP = 4
}
