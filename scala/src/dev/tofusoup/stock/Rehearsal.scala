package dev.tofusoup.stock

import dev.tofusoup.stock.options.ClientOptions
import dev.tofusoup.stock.options.ServerOptions
import dev.tofusoup.stock.options.Word
import dev.tofusoup.stock.session.ClientSession
import dev.tofusoup.stock.session.ServerSession
import dev.tofusoup.stock.session.Warmup
import java.io.InputStream
import java.io.OutputStream
import scala.concurrent.duration.Duration
import tofusoup.stock.TradeFill
import tofusoup.stock.WatchEvent

/** Loads the classes that the two programs load, for the archive that the launcher keeps of them. */
object Rehearsal:
  /** Serves and calls once. */
  def main(words: Array[String]): Unit =
    val _ = Streams.take()
    val _ = ServerOptions.parse(Vector("--port=0", "--grace-seconds=1").map(Word(_)))
    val _ = ClientOptions.parse(Vector("get", "key", "--server=localhost:1", "--timeout-seconds=1").map(Word(_)))
    val _ = Lines.event(WatchEvent())
    val _ = Lines.fill(TradeFill())
    val server = ServerSession(OutputStream.nullOutputStream())
    val _ = server.run(InputStream.nullInputStream())
    server.end(Duration.Zero)
    val client = ClientSession(OutputStream.nullOutputStream())
    val _ = client.run(InputStream.nullInputStream())
    client.end()
    Warmup.run()
    System.exit(words.length)
