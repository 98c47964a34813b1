package dev.tofusoup.stock.options

import com.google.common.net.InetAddresses
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What stock_server was asked for. */
sealed interface ServerOptions {
    /** To print the usage. */
    data object Help : ServerOptions

    /** To print the version. */
    data object Version : ServerOptions

    /** To be driven by frames; always in conformance mode. */
    data class Session(
        val grace: Duration,
    ) : ServerOptions

    /**
     * To serve on an endpoint.
     *
     * @property security plaintext, tls or mtls
     * @property certFile null in plaintext, as is keyFile
     * @property clientCaFile null but for mtls
     */
    data class Serve(
        val host: String,
        val port: Int,
        val security: String,
        val certFile: String?,
        val keyFile: String?,
        val clientCaFile: String?,
        val grace: Duration,
        val maxReceiveBytes: Int,
        val conformance: Boolean,
    ) : ServerOptions

    companion object {
        /** The usage of stock_server. */
        fun usage(): String = "usage: stock_server [FLAGS]\n" + ServerGrammar().usageOfFlags()

        /** Understands the command line of stock_server. */
        fun parse(line: List<String>): ServerOptions = ServerGrammar().apply { read(line) }.options()
    }
}

private class ServerGrammar : Grammar("stock_server") {
    private val host by text("host", "H", "address to bind (default 127.0.0.1)")
    private val port by number("port", 0L..65_535, "port to bind; 0 = any free one (default 50051)")
    private val tlsMode by value("tls-mode", "MODE", "none, tls or mtls (default none)", "none, tls or mtls") {
        // The others are names that upstream gives to modes.
        it.takeIf { it in setOf("none", "tls", "mtls", "disabled", "server", "manual") }
    }
    private val certFile by text("cert-file", "F", "the server's certificate chain, PEM")
    private val keyFile by text("key-file", "F", "the server's private key, PEM PKCS#8")
    private val clientCaFile by text("client-ca-file", "F", "roots for client certificates, PEM; mtls")
    private val grace by seconds("grace-seconds", "time for running calls when the server drains (default 3)")
    private val maxReceiveBytes by
        number("max-receive-bytes", 1L..Int.MAX_VALUE, "largest message read, after decompression (default 4194304)")
    private val allowsNetwork by switch("allow-plaintext-network", "allow a host beyond loopback without TLS")
    private val conformance by switch("conformance", "obey the directives in request metadata")

    private val mode: String
        get() =
            when (val given = tlsMode) {
                null, "disabled" -> "none"
                "server", "manual" -> if (clientCaFile == null) "tls" else "mtls"
                else -> given
            }

    fun options(): ServerOptions =
        when {
            isHelp -> {
                ServerOptions.Help
            }

            isVersion -> {
                ServerOptions.Version
            }

            words.isNotEmpty() -> {
                throw UsageException("stray argument: ${Words.printable(words.first())}")
            }

            isSession -> {
                checkSession("--conformance", "--grace-seconds")
                ServerOptions.Session(grace ?: GRACE)
            }

            else -> {
                serve()
            }
        }

    private fun serve(): ServerOptions.Serve {
        checkFile("cert-file", certFile, needed = mode != "none")
        checkFile("key-file", keyFile, needed = mode != "none")
        checkFile("client-ca-file", clientCaFile, needed = mode == "mtls")
        val serve =
            ServerOptions.Serve(
                host = host ?: "127.0.0.1",
                port = port?.toInt() ?: DEFAULT_PORT,
                security = if (mode == "none") "plaintext" else mode,
                certFile,
                keyFile,
                clientCaFile,
                grace ?: GRACE,
                maxReceiveBytes?.toInt() ?: DEFAULT_RECEIVE_BYTES,
                conformance,
            )
        if (mode == "none" && !allowsNetwork && !isLoopback(serve.host)) {
            throw UsageException("--host ${Words.printable(serve.host)} without TLS needs --allow-plaintext-network")
        }
        return serve
    }

    private fun checkFile(
        flag: String,
        value: String?,
        needed: Boolean,
    ) {
        if (value != null && !needed) {
            throw UsageException("--$flag does not go with --tls-mode $mode")
        }
        if (value == null && needed) {
            throw UsageException("--tls-mode $mode needs --$flag")
        }
    }

    private companion object {
        val GRACE = 3.seconds

        fun isLoopback(host: String): Boolean =
            if (InetAddresses.isInetAddress(host)) InetAddresses.forString(host).isLoopbackAddress else host == "localhost"
    }
}

/** Where a server is found unless somebody says otherwise. */
internal const val DEFAULT_PORT = 50_051

/** The largest message read unless somebody says otherwise. */
internal const val DEFAULT_RECEIVE_BYTES = 4 shl 20
