package dev.tofusoup.stock.listener

import io.grpc.Status
import java.io.FilterInputStream
import java.io.InputStream

/** A request's bytes, of which there may be so many: more are RESOURCE_EXHAUSTED. */
final private[listener] class LimitedMessage(message: InputStream, limit: Int) extends FilterInputStream(message):
  private var left: Long = limit

  override def read(): Int =
    val byte = super.read()
    if byte >= 0 then count(1)
    byte

  override def read(into: Array[Byte], offset: Int, length: Int): Int =
    val bytes = super.read(into, offset, length)
    if bytes > 0 then count(bytes)
    bytes

  override def skip(wanted: Long): Long =
    val skipped = super.skip(wanted)
    count(skipped)
    skipped

  override def markSupported: Boolean = false

  private def count(bytes: Long): Unit =
    left -= bytes
    if left < 0 then
      val reason = s"gRPC message exceeds maximum size $limit"
      throw Status.RESOURCE_EXHAUSTED.withDescription(reason).asRuntimeException
