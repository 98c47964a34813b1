package dev.tofusoup.stock

import com.google.protobuf.ByteString
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.StandardCharsets.UTF_8
import tofusoup.stock.BatchSummary
import tofusoup.stock.InventoryStatus
import tofusoup.stock.TradeFill
import tofusoup.stock.WatchEvent

/** The lines that stock_client prints. */
private[stock] object Lines:
  /** `TIMESTAMP PUT KEY VALUE` or `TIMESTAMP DELETE KEY`, by tabs. */
  def event(event: WatchEvent): String =
    val key = escape(ByteString.copyFrom(event.key, UTF_8))
    event.`type` match
      case WatchEvent.EventType.DELETE => s"${event.timestamp}\tDELETE\t$key\n"
      case _ => s"${event.timestamp}\tPUT\t$key\t${escape(event.value)}\n"

  /** `ok SYMBOL N MESSAGE` or `rejected SYMBOL 0 MESSAGE`, by tabs. */
  def fill(fill: TradeFill): String =
    val verdict = if fill.success then "ok" else "rejected"
    val symbol = escape(ByteString.copyFrom(fill.symbol, UTF_8))
    s"$verdict\t$symbol\t${fill.quantityFilled}\t${oneLine(fill.message)}\n"

  /** What became of a batch. */
  def summary(summary: BatchSummary): String =
    s"total=${summary.totalItems} successful=${summary.successful} failed=${summary.failed} bytes=${summary.bytesWritten}\n"

  /** What a server has and is, a line each. */
  def inventory(status: InventoryStatus): String =
    val metadata = status.metadata.toVector.sorted.map((key, value) => s"metadata.${oneLine(key)}=${oneLine(value)}")
    val lines = Vector(
      s"items=${status.totalItems}",
      s"bytes=${status.totalBytes}",
      s"uptime_seconds=${status.uptimeSeconds}",
      s"server_version=${oneLine(status.serverVersion)}"
    ) ++ metadata
    lines.mkString("", "\n", "\n")

  /** Bytes fit for one field of a line: `\\`, `\n`, `\r`, `\t`, and `\xHH` for other bytes below 0x20, 0x7F, and bytes
    * that are not UTF-8.
    */
  def escape(bytes: ByteString): String = escape(bytes.asReadOnlyByteBuffer, StringBuilder())

  private def escape(input: ByteBuffer, out: StringBuilder): String =
    val text = CharBuffer.allocate(input.remaining.max(2))
    val result = UTF_8.newDecoder().decode(input, text, true)
    text.flip().toString.foreach(c => out ++= escaped(c))
    if result.isError then
      (1 to result.length).foreach(_ => out ++= hex(input.get() & 0xff))
      escape(input, out)
    else out.toString

  private def escaped(c: Char): String = c match
    case '\\' => "\\\\"
    case '\n' => "\\n"
    case '\r' => "\\r"
    case '\t' => "\\t"
    case _ if c < ' ' || c == '\u007f' => hex(c.toInt)
    case _ => c.toString

  private def hex(value: Int): String = f"\\x$value%02X"

  /** A peer's text without the ends of lines that would make it several. */
  def oneLine(text: String): String = text.replace("\n", "\\n").replace("\r", "\\r")
