package dev.tofusoup.stock.session

import dev.tofusoup.stock.calls.Endpoint
import dev.tofusoup.stock.calls.StockChannel
import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsException
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.headers.Headers
import dev.tofusoup.stock.listener.Binding
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import tofusoup.stock.session.Command
import tofusoup.stock.session.Command.CommandCase
import tofusoup.stock.session.OpenChannel
import tofusoup.stock.session.Role
import tofusoup.stock.session.Security
import tofusoup.stock.session.Start
import java.io.InputStream
import java.io.OutputStream
import java.util.concurrent.ConcurrentHashMap
import javax.net.ssl.SSLContext
import kotlin.time.Duration.Companion.seconds

/**
 * Obeys the commands of a runner to a stock_client. It says Hello as soon as it is made.
 *
 * @param scope has the calls
 */
class ClientSession(
    private val scope: CoroutineScope,
    stream: OutputStream,
) {
    /** A running call, the channel that it is on and its coroutine. */
    private class Running(
        val call: Call<*, *>,
        val channel: Int,
        val job: Job,
    )

    private val output = Output(scope, stream)
    private val channels = HashMap<Int, StockChannel>()
    private val usedChannels = HashSet<Int>()
    private val running = ConcurrentHashMap<Int, Running>()
    private val mutex = Mutex()
    private var highest = 0
    private var isEnding = false
    private val warmup: Warmup

    init {
        output.send(Session.hello(Role.ROLE_CLIENT, "gzip_request", "wait_for_ready"))
        warmup = Warmup(scope)
    }

    /** Obeys commands to the end of the input. */
    suspend fun run(input: InputStream) = Session.obeyAll(input, output) { command -> mutex.withLock { obey(command) } }

    /** Cancels what is open. */
    suspend fun end() {
        val left =
            mutex.withLock {
                isEnding = true
                running.values.map { it.job }.also { channels.keys.toList().forEach(::close) }
            }
        withTimeoutOrNull(END) { left.joinAll() }
        output.close()
    }

    private suspend fun obey(command: Command) {
        if (isEnding) {
            throw RefusalException("the session is ending")
        }
        when (command.commandCase) {
            CommandCase.OPEN_CHANNEL -> {
                open(command.openChannel)
            }

            CommandCase.CLOSE_CHANNEL -> {
                channel(command.closeChannel.channel)
                close(command.closeChannel.channel)
            }

            CommandCase.START -> {
                start(command.start)
            }

            CommandCase.SEND -> {
                running(command.send.call)?.call?.send(command.send.requestsList)
            }

            CommandCase.HALF_CLOSE -> {
                running(command.halfClose.call)?.call?.halfClose()
            }

            CommandCase.RECEIVE -> {
                running(command.receive.call)?.call?.receive(command.receive.credit)
            }

            CommandCase.CANCEL -> {
                running(command.cancel.call)?.job?.cancel()
            }

            else -> {
                throw RefusalException("command: ${command.commandCase} given, one for a client expected")
            }
        }
    }

    private suspend fun open(command: OpenChannel) {
        val number = command.channel
        if (number == 0 || number in usedChannels) {
            throw RefusalException("channel: ${number.toUInt()} given, a new number from 1 expected")
        }
        warmup.await()
        val endpoint =
            try {
                endpoint(command)
            } catch (e: CredentialsException) {
                throw RefusalException(e.message.orEmpty(), e)
            }
        usedChannels += number
        channels[number] = StockChannel(scope, endpoint)
    }

    /** Cancels the calls of a channel first: the other way round they would end as unavailable. */
    private fun close(number: Int) {
        running.values.filter { it.channel == number }.forEach { it.job.cancel() }
        channels.remove(number)?.close()
    }

    private fun start(command: Start) {
        val channel = channel(command.channel)
        val method = METHODS[command.rpc] ?: throw RefusalException("rpc: ${command.rpc} given, a method expected")
        check(command, method)
        val call = call(command, method)
        val number = command.call
        highest = number
        // It runs as far as the library's start: nothing can cancel it before.
        val job = scope.launch(start = CoroutineStart.UNDISPATCHED) { call.run(channel.channel) }
        running[number] = Running(call, command.channel, job)
        job.invokeOnCompletion { running.remove(number) }
    }

    private fun <Q : Any, R : Any> call(
        command: Start,
        method: Method<Q, R>,
    ): Call<Q, R> {
        val metadata =
            try {
                Headers.toGrpc(command.metadata)
            } catch (e: IllegalArgumentException) {
                throw RefusalException("metadata: ${e.message}", e)
            }
        return Call(command, method, metadata, CallReport(command.call, output))
    }

    private fun check(
        command: Start,
        method: Method<*, *>,
    ) {
        if (command.call.toUInt() <= highest.toUInt()) {
            throw RefusalException("call: ${command.call.toUInt()} given, a number over ${highest.toUInt()} expected")
        }
        if (command.timeoutNs < 0) {
            throw RefusalException("timeout_ns: ${command.timeoutNs} given, 0 or more expected")
        }
        if (command.requestsCount != 1 && !method.sends) {
            throw RefusalException("requests: ${command.requestsCount} given, ${command.rpc} takes exactly 1")
        }
        if (command.requestsList.any { it.requestCase != method.accepts }) {
            throw RefusalException("requests: one is not of the rpc's type")
        }
    }

    /** A running call. One that has ended is null, and passed over: nobody could know yet. */
    private fun running(number: Int): Running? {
        if (number == 0 || number.toUInt() > highest.toUInt()) {
            throw RefusalException("call: ${number.toUInt()} given, which never was one")
        }
        return running[number]
    }

    private fun channel(number: Int): StockChannel =
        channels[number] ?: throw RefusalException("channel: ${number.toUInt()} given, which is not open")

    private companion object {
        val END = 1.seconds

        fun endpoint(command: OpenChannel): Endpoint {
            Session.address(command.host)
            if (command.port !in 1..Session.MAX_PORT) {
                throw RefusalException("port: ${command.port.toUInt()} given, 1 to ${Session.MAX_PORT} expected")
            }
            return Endpoint(
                command.host,
                command.port,
                tls(command),
                command.serverName.ifEmpty { null },
                Session.maxReceiveBytes(command.maxReceiveBytes),
            )
        }

        fun tls(command: OpenChannel): SSLContext? {
            if (Session.security(command.security) == Binding.PLAINTEXT) {
                return null
            }
            val identity =
                command.identity
                    .takeIf { command.security == Security.SECURITY_MTLS && command.hasIdentity() }
                    ?.let { Identity.parse(it.chainPem.toByteArray(), it.keyPem.toByteArray()) }
            return Credentials.client(Pem.roots(command.rootsPem.toByteArray()), identity)
        }
    }
}
