package dev.tofusoup.stock

import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsException
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.options.ClientOptions
import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.options.UsageException
import dev.tofusoup.stock.options.Words
import dev.tofusoup.stock.session.ClientSession
import io.grpc.Status
import io.grpc.StatusException
import kotlinx.coroutines.CoroutineScope
import java.io.IOException
import javax.net.ssl.SSLContext

/** The program stock_client. It ends the process, whatever threads are left; SIGINT ends it as it ends Java. */
fun main(args: Array<String>) {
    val streams = Streams.take()
    val code = streams.orFault { program { StockClient(it, streams).run(Words.given(args)) } }
    Runtime.getRuntime().halt(code)
}

/** Options, then one operation, or a session. */
class StockClient(
    private val scope: CoroutineScope,
    private val streams: Streams,
) {
    /** Carries out one operation, or a session; the exit code. */
    suspend fun run(words: List<String>): Int =
        try {
            run(ClientOptions.parse(words))
        } catch (e: UsageException) {
            failed("${e.message}\n" + ClientOptions.usage(), ExitCode.USAGE)
        } catch (e: CredentialsException) {
            failed("${e.message}\n", ExitCode.USAGE)
        } catch (e: IOException) {
            failed("${e.message}\n", ExitCode.INTERNAL)
        } catch (e: StatusException) {
            failed(line(e.status), ExitCode.RPC + e.status.code.value())
        }

    private suspend fun run(options: ClientOptions): Int {
        when (options) {
            is ClientOptions.Operate -> return operate(options)
            ClientOptions.Session -> return session()
            ClientOptions.Help -> streams.print(ClientOptions.usage())
            ClientOptions.Version -> streams.print(About.line("stock_client") + "\n")
        }
        return ExitCode.OK
    }

    private fun failed(
        reason: String,
        code: Int,
    ): Int {
        streams.error(reason)
        return code
    }

    private suspend fun operate(options: ClientOptions.Operate): Int {
        val operation = Operations.prepare(options, streams.input)
        return StockChannel(scope, endpoint(options)).use { operation.run(it.channel, streams) }
    }

    private suspend fun session(): Int {
        val signals = Signals()
        val session = ClientSession(scope, streams.output)
        val input = SessionInput.read(scope, signals) { session.run(streams.input) }
        signals.await()
        session.end()
        return input.explain(streams)
    }

    private companion object {
        fun line(status: Status): String = "${status.code}: ${Lines.oneLine(status.description.orEmpty())}\n"

        fun endpoint(options: ClientOptions.Operate): Endpoint =
            Endpoint(
                options.server.host,
                options.server.port,
                options.tls?.let(::context),
                options.tls?.serverName?.let(Words::text),
                options.maxReceiveBytes,
            )

        fun context(tls: ClientOptions.Tls): SSLContext {
            val identity = tls.certFile?.let { Identity.read(Words.path(it), Words.path(tls.keyFile.orEmpty())) }
            return Credentials.client(tls.caFile?.let { Pem.roots(Pem.read(Words.path(it))) }, identity)
        }
    }
}
