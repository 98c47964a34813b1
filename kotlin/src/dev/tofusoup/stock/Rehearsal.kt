package dev.tofusoup.stock

import dev.tofusoup.stock.options.ClientOptions
import dev.tofusoup.stock.options.ServerOptions
import dev.tofusoup.stock.session.ClientSession
import dev.tofusoup.stock.session.ServerSession
import dev.tofusoup.stock.session.Warmup
import tofusoup.stock.TradeFill
import tofusoup.stock.WatchEvent
import java.io.InputStream
import java.io.OutputStream
import kotlin.system.exitProcess
import kotlin.time.Duration

/** Loads the classes that the two programs load, for the archive that the launcher keeps of them. */
object Rehearsal {
    /** Serves and calls once. */
    @JvmStatic
    fun main(args: Array<String>) {
        Streams.take()
        ServerOptions.parse(listOf("--port=0", "--grace-seconds=1"))
        ClientOptions.parse(listOf("get", "key", "--server=localhost:1", "--timeout-seconds=1"))
        Lines.event(WatchEvent.getDefaultInstance())
        Lines.fill(TradeFill.getDefaultInstance())
        val code =
            program { scope ->
                val server = ServerSession(scope, OutputStream.nullOutputStream())
                server.run(InputStream.nullInputStream())
                server.end(Duration.ZERO)
                val client = ClientSession(scope, OutputStream.nullOutputStream())
                client.run(InputStream.nullInputStream())
                client.end()
                Warmup.run()
                args.size
            }
        exitProcess(code)
    }
}
