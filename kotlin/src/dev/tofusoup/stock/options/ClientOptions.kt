package dev.tofusoup.stock.options

import com.google.common.net.HostAndPort
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What stock_client was asked for. */
sealed interface ClientOptions {
    /** To print the usage. */
    data object Help : ClientOptions

    /** To print the version. */
    data object Version : ClientOptions

    /** To be driven by frames. */
    data object Session : ClientOptions

    /**
     * To carry out one operation.
     *
     * @property arguments words, which are bytes
     * @property server a name or a literal address, and a port
     * @property tls null: plaintext
     * @property timeout zero: none
     * @property count of the events that monitor prints; 0: until stopped
     */
    data class Operate(
        val operation: Operation,
        val arguments: List<String>,
        val server: HostAndPort,
        val tls: Tls?,
        val timeout: Duration,
        val maxReceiveBytes: Int,
        val count: Long,
    ) : ClientOptions

    /**
     * How to use TLS.
     *
     * @property caFile null: the system's roots
     * @property certFile null for no identity, as is keyFile
     * @property serverName null: the host
     */
    data class Tls(
        val caFile: String?,
        val certFile: String?,
        val keyFile: String?,
        val serverName: String?,
    )

    companion object {
        /** The usage of stock_client. */
        fun usage(): String {
            val operations = Operation.entries.joinToString("") { it.usage }
            return "usage: stock_client OPERATION [ARGUMENTS] [FLAGS]\n" + operations + ClientGrammar().usageOfFlags()
        }

        /** Understands the command line of stock_client. */
        fun parse(line: List<String>): ClientOptions = ClientGrammar().apply { read(line) }.options()
    }
}

private class ClientGrammar : Grammar("stock_client") {
    private val server by
        value("server", "H:P", "endpoint to call (default 127.0.0.1:50051)", "HOST:PORT", Values::endpoint)
    private val tls by switch("tls", "use TLS")
    private val caFile by text("ca-file", "F", "roots for the server's certificate, PEM (default: the system's)")
    private val certFile by text("cert-file", "F", "the client's certificate chain, PEM")
    private val keyFile by text("key-file", "F", "the client's private key, PEM PKCS#8")
    private val serverName by text("server-name", "N", "name to verify the server's certificate against")
    private val timeout by seconds("timeout-seconds", "deadline of the call; 0 = none (default 5)")
    private val maxReceiveBytes by
        number("max-receive-bytes", 1L..Int.MAX_VALUE, "largest message read, after decompression (default 4194304)")
    private val count by number("count", 0L..Long.MAX_VALUE, "monitor: events to print; 0 = until stopped (default 0)")

    fun options(): ClientOptions =
        when {
            isHelp -> {
                ClientOptions.Help
            }

            isVersion -> {
                ClientOptions.Version
            }

            isSession -> {
                checkSession()
                words.firstOrNull()?.let {
                    throw UsageException("--session goes without an operation: ${Words.printable(it)}")
                }
                ClientOptions.Session
            }

            words.isEmpty() -> {
                throw UsageException("an operation is needed")
            }

            else -> {
                operate(Operation.named(words.first()), words.drop(1))
            }
        }

    private fun operate(
        operation: Operation,
        arguments: List<String>,
    ): ClientOptions.Operate {
        operation.check(arguments)
        if (count != null && operation != Operation.MONITOR) {
            throw UsageException("--count does not go with ${operation.word}")
        }
        checkTls()
        return ClientOptions.Operate(
            operation,
            arguments,
            server ?: HostAndPort.fromParts("127.0.0.1", DEFAULT_PORT),
            if (tls) ClientOptions.Tls(caFile, certFile, keyFile, serverName) else null,
            timeout ?: TIMEOUT,
            maxReceiveBytes?.toInt() ?: DEFAULT_RECEIVE_BYTES,
            count ?: 0,
        )
    }

    private fun checkTls() {
        val need = mapOf("ca-file" to caFile, "cert-file" to certFile, "key-file" to keyFile, "server-name" to serverName)
        need.entries.firstOrNull { it.value != null && !tls }?.let { throw UsageException("--${it.key} needs --tls") }
        if ((certFile == null) != (keyFile == null)) {
            throw UsageException(if (keyFile == null) "--cert-file needs --key-file" else "--key-file needs --cert-file")
        }
    }

    private companion object {
        val TIMEOUT = 5.seconds
    }
}
