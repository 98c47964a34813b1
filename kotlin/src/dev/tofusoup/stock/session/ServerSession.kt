package dev.tofusoup.stock.session

import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.CredentialsException
import dev.tofusoup.stock.credentials.Identity
import dev.tofusoup.stock.credentials.Pem
import dev.tofusoup.stock.credentials.ServerTls
import dev.tofusoup.stock.directive.DirectiveInterceptor
import dev.tofusoup.stock.listener.Binding
import dev.tofusoup.stock.listener.Listener
import dev.tofusoup.stock.store.Stores
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import tofusoup.stock.session.Command
import tofusoup.stock.session.Command.CommandCase
import tofusoup.stock.session.Event
import tofusoup.stock.session.Listen
import tofusoup.stock.session.Listening
import tofusoup.stock.session.Role
import tofusoup.stock.session.Security
import tofusoup.stock.session.Stop
import tofusoup.stock.session.Stopped
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * Obeys the commands of a runner to a stock_server. It says Hello as soon as it is made.
 *
 * @param scope has the listeners
 */
class ServerSession(
    private val scope: CoroutineScope,
    stream: OutputStream,
) {
    private val stores = Stores()
    private val output = Output(scope, stream)
    private val directives =
        DirectiveInterceptor(scope, stores) { output.send(Event.newBuilder().setObserved(it).build()) }
    private val open = HashMap<Int, Listener>()
    private val used = HashSet<Int>()
    private val drains = mutableListOf<Job>()
    private val mutex = Mutex()
    private var isEnding = false
    private val warmup: Warmup

    init {
        output.send(
            Session.hello(
                Role.ROLE_SERVER,
                "gzip_response",
                "reflection_v1",
                "reflection_v1alpha",
                "observe_peer",
                "observe_tls",
                "observe_encoding",
            ),
        )
        warmup = Warmup(scope)
    }

    /** Obeys commands to the end of the input. */
    suspend fun run(input: InputStream) = Session.obeyAll(input, output) { command -> mutex.withLock { obey(command) } }

    /** Drains what is open; whatever still drains after the grace is left behind. */
    suspend fun end(grace: Duration) {
        val left =
            mutex.withLock {
                isEnding = true
                open.values.forEach { drain(it, grace) }
                drains.toList()
            }
        withTimeoutOrNull(grace + Listener.ABORT_TIMEOUT) { left.joinAll() }
        output.close()
    }

    private suspend fun obey(command: Command) {
        if (isEnding) {
            throw RefusalException("the session is ending")
        }
        when (command.commandCase) {
            CommandCase.LISTEN -> listen(command.listen)
            CommandCase.STOP -> stop(command.stop)
            CommandCase.FORGET -> stores.forget(command.forget.storesList)
            else -> throw RefusalException("command: ${command.commandCase} given, listen, stop or forget expected")
        }
    }

    private suspend fun listen(command: Listen) {
        val number = command.listener
        if (number == 0 || number in used) {
            throw RefusalException("listener: ${number.toUInt()} given, a new number from 1 expected")
        }
        warmup.await()
        val listener =
            try {
                Listener(scope, binding(command), stores, listOf(directives))
            } catch (e: CredentialsException) {
                throw RefusalException(e.message.orEmpty(), e)
            } catch (e: IOException) {
                throw RefusalException(e.message.orEmpty(), e)
            }
        used += number
        open[number] = listener
        val listening = Listening.newBuilder().setListener(number).setPort(listener.port)
        output.send(Event.newBuilder().setListening(listening).build())
    }

    private fun stop(command: Stop) {
        val number = command.listener
        val listener =
            open.remove(number) ?: throw RefusalException("listener: ${number.toUInt()} given, which is not open")
        drain(listener, Integer.toUnsignedLong(command.graceMs).milliseconds) {
            output.send(Event.newBuilder().setStopped(Stopped.newBuilder().setListener(number)).build())
        }
    }

    private fun drain(
        listener: Listener,
        grace: Duration,
        done: () -> Unit = {},
    ) {
        drains.removeIf { it.isCompleted }
        drains +=
            scope.launch {
                listener.drain(grace)
                done()
            }
    }

    private companion object {
        fun binding(command: Listen): Binding {
            val address = Session.address(command.host)
            if (command.port !in 0..Session.MAX_PORT) {
                throw RefusalException("port: ${command.port.toUInt()} given, at most ${Session.MAX_PORT} expected")
            }
            val security = Session.security(command.security)
            val isPlaintext = security == Binding.PLAINTEXT
            if (isPlaintext && !address.isLoopbackAddress) {
                throw RefusalException("host: ${command.host} given, plaintext is for loopback")
            }
            val tls = if (isPlaintext) null else tls(command)
            return Binding(address, command.port, security, tls, Session.maxReceiveBytes(command.maxReceiveBytes))
        }

        fun tls(command: Listen): ServerTls {
            val identity = Identity.parse(command.identity.chainPem.toByteArray(), command.identity.keyPem.toByteArray())
            val isMutual = command.security == Security.SECURITY_MTLS
            return Credentials.server(
                identity,
                if (isMutual) Pem.clientRoots(command.clientRootsPem.toByteArray()) else null,
            )
        }
    }
}
