package dev.tofusoup.stock

import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsException
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.credentials.ServerTls
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.directive.Report
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.options.ServerOptions
import dev.tofusoup.stock.options.UsageException
import dev.tofusoup.stock.options.Words
import dev.tofusoup.stock.session.ServerSession
import dev.tofusoup.stock.store.Stores
import kotlinx.coroutines.CoroutineScope
import java.io.IOException
import java.net.InetAddress
import java.net.UnknownHostException
import kotlin.time.Duration

/** The program stock_server. It ends the process, whatever threads are left. */
fun main(args: Array<String>) {
    val streams = Streams.take()
    val signals = Signals.catching()
    val code = streams.orFault { program { StockServer(it, streams, signals).run(Words.given(args)) } }
    Runtime.getRuntime().halt(code)
}

/** Options, credentials, listen, ready line, drain. */
class StockServer(
    private val scope: CoroutineScope,
    private val streams: Streams,
    private val signals: Signals,
) {
    /** Serves until a signal has drained the server, or the end of a session's input; the exit code. */
    suspend fun run(words: List<String>): Int {
        val options =
            try {
                ServerOptions.parse(words)
            } catch (e: UsageException) {
                streams.error("${e.message}\n" + ServerOptions.usage())
                return ExitCode.USAGE
            }
        return when (options) {
            is ServerOptions.Session -> session(options.grace)
            is ServerOptions.Serve -> serve(options)
            ServerOptions.Help -> printed(ServerOptions.usage())
            ServerOptions.Version -> printed(About.line("stock_server") + "\n")
        }
    }

    private fun printed(text: String): Int {
        streams.print(text)
        return ExitCode.OK
    }

    private suspend fun serve(options: ServerOptions.Serve): Int {
        val listener =
            try {
                listen(options)
            } catch (e: CredentialsException) {
                streams.error("${e.message}\n")
                return ExitCode.USAGE
            } catch (e: IOException) {
                streams.error("${e.message}\n")
                return ExitCode.CANNOT_BIND
            }
        streams.print("Server listening on ${listener.endpoint}\n")
        signals.await()
        signals.unlessAgain(scope, limit(options.grace)) { listener.drain(options.grace) }
        return ExitCode.OK
    }

    private suspend fun session(grace: Duration): Int {
        val session = ServerSession(scope, streams.output)
        val input = SessionInput.read(scope, signals) { session.run(streams.input) }
        signals.await()
        signals.unlessAgain(scope, limit(grace)) { session.end(grace) }
        return input.explain(streams)
    }

    private fun listen(options: ServerOptions.Serve): Listener {
        val tls = tls(options)
        val address =
            try {
                InetAddress.getByName(options.host)
            } catch (e: UnknownHostException) {
                throw IOException("cannot bind ${options.host}: no such host", e)
            }
        val stores = Stores()
        val directives = if (options.conformance) listOf(DirectiveInterceptor(scope, stores, Report.NOBODY)) else emptyList()
        return Listener(
            scope,
            Binding(address, options.port, options.security, tls, options.maxReceiveBytes),
            stores,
            directives,
        )
    }

    private companion object {
        fun tls(options: ServerOptions.Serve): ServerTls? {
            val chain = options.certFile ?: return null
            val identity = Identity.read(Words.path(chain), Words.path(options.keyFile.orEmpty()))
            return Credentials.server(identity, options.clientCaFile?.let { Pem.clientRoots(Pem.read(Words.path(it))) })
        }

        /** When the process ends, whatever a peer does. */
        fun limit(grace: Duration): Duration = grace + Listener.ABORT_TIMEOUT
    }
}
