package dev.tofusoup.stock.listener

import io.grpc.Status
import java.io.FilterInputStream
import java.io.InputStream

/** A request's bytes, of which there may be so many: more are RESOURCE_EXHAUSTED. */
internal class LimitedMessage(
    message: InputStream,
    private val limit: Int,
) : FilterInputStream(message) {
    private var count = 0L

    override fun read(): Int = super.read().also { if (it >= 0) count(1) }

    override fun read(
        into: ByteArray,
        offset: Int,
        length: Int,
    ): Int = super.read(into, offset, length).also { if (it > 0) count(it) }

    override fun skip(count: Long): Long = super.skip(count).also { count(it.toInt()) }

    override fun markSupported(): Boolean = false

    private fun count(read: Int) {
        count += read
        if (count > limit) {
            throw Status.RESOURCE_EXHAUSTED
                .withDescription("gRPC message exceeds maximum size $limit")
                .asRuntimeException()
        }
    }
}
