package dev.tofusoup.stock.session

import com.google.common.net.InetAddresses
import dev.tofusoup.stock.About
import dev.tofusoup.stock.listener.Binding
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import tofusoup.stock.session.Command
import tofusoup.stock.session.Event
import tofusoup.stock.session.Failure
import tofusoup.stock.session.Hello
import tofusoup.stock.session.Role
import tofusoup.stock.session.Security
import java.io.InputStream
import java.net.InetAddress

/** What the sessions of both roles have in common. */
internal object Session {
    private const val PROTOCOL = 1
    private const val READ_BYTES = 64 shl 10
    private val KEY_TYPES = listOf("rsa2048", "rsa4096", "p256", "p384", "p521").map { "key_type:$it" }

    /** The most that a port can be. */
    const val MAX_PORT = 65_535

    /** The first event of a session. */
    fun hello(
        role: Role,
        vararg abilities: String,
    ): Event {
        val hello =
            Hello
                .newBuilder()
                .setProtocol(PROTOCOL)
                .setLanguage(About.LANGUAGE)
                .setRole(role)
                .setLibrary(About.LIBRARY)
                .setRuntime(About.RUNTIME)
                .setTransport(About.TRANSPORT)
                .setTlsStack(About.TLS_STACK)
                .addAllSupports(abilities.asList() + KEY_TYPES)
                .setVersion(About.VERSION)
        return Event.newBuilder().setHello(hello).build()
    }

    /** Obeys commands to the end of the input; one that cannot be obeyed is answered by a Failure. */
    suspend fun obeyAll(
        input: InputStream,
        output: Output,
        obey: suspend (Command) -> Unit,
    ) {
        val buffered = input.buffered(READ_BYTES)
        while (true) {
            val command = runInterruptible(Dispatchers.IO) { Frames.read(buffered) } ?: return
            try {
                obey(command)
            } catch (e: RefusalException) {
                val failure = Failure.newBuilder().setId(command.id).setReason(e.message)
                output.send(Event.newBuilder().setFailure(failure).build())
            }
        }
    }

    /** What Inventory calls a security. */
    fun security(security: Security): String =
        when (security) {
            Security.SECURITY_PLAINTEXT -> Binding.PLAINTEXT
            Security.SECURITY_TLS -> "tls"
            Security.SECURITY_MTLS -> "mtls"
            else -> throw RefusalException("security: $security given, plaintext, tls or mtls expected")
        }

    /** A literal address. */
    fun address(host: String): InetAddress {
        if (!InetAddresses.isInetAddress(host)) {
            throw RefusalException("host: \"$host\" given, a literal address expected")
        }
        return InetAddresses.forString(host)
    }

    /** The limit that a command gives: 0 is the usual one, and none is above what Java can hold. */
    fun maxReceiveBytes(given: Int): Int =
        when {
            given == 0 -> Binding.DEFAULT_RECEIVE_BYTES
            given < 0 -> Int.MAX_VALUE
            else -> given
        }
}
