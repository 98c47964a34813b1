package dev.tofusoup.stock.listener

import dev.tofusoup.stock.credentials.Credentials
import dev.tofusoup.stock.credentials.ServerTls
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import java.net.InetAddress
import java.net.Socket
import javax.net.ssl.SSLSocket
import javax.net.ssl.SSLSocketFactory
import kotlin.time.Duration.Companion.seconds

/**
 * Makes the server's end of TLS over accepted connections: of the versions and ciphers that
 * [Credentials] name, and closed where the handshake takes too long, which grpc-okhttp has no
 * setting for.
 *
 * @param scope has the timers of handshakes
 */
internal class TlsSockets(
    private val tls: ServerTls,
    private val scope: CoroutineScope,
) : SSLSocketFactory() {
    private val sockets = tls.context.socketFactory

    override fun createSocket(
        connection: Socket,
        host: String?,
        port: Int,
        autoClose: Boolean,
    ): Socket {
        val socket = sockets.createSocket(connection, host, port, autoClose) as SSLSocket
        socket.enabledProtocols = Credentials.PROTOCOLS
        socket.enabledCipherSuites = Credentials.CIPHERS
        socket.useClientMode = false
        socket.needClientAuth = tls.mutual
        return SettledSocket(socket, closeUnlessDone(connection))
    }

    /** Closes a connection after a while, unless the job is cancelled before. */
    private fun closeUnlessDone(connection: Socket): Job =
        scope.launch(Dispatchers.IO) {
            delay(HANDSHAKE)
            connection.close()
        }

    override fun getDefaultCipherSuites(): Array<String> = Credentials.CIPHERS

    override fun getSupportedCipherSuites(): Array<String> = Credentials.CIPHERS

    override fun createSocket(
        host: String,
        port: Int,
    ): Socket = throw UnsupportedOperationException(SERVER_ONLY)

    override fun createSocket(
        host: String,
        port: Int,
        localHost: InetAddress,
        localPort: Int,
    ): Socket = throw UnsupportedOperationException(SERVER_ONLY)

    override fun createSocket(
        host: InetAddress,
        port: Int,
    ): Socket = throw UnsupportedOperationException(SERVER_ONLY)

    override fun createSocket(
        address: InetAddress,
        port: Int,
        localAddress: InetAddress,
        localPort: Int,
    ): Socket = throw UnsupportedOperationException(SERVER_ONLY)

    private companion object {
        val HANDSHAKE = 10.seconds
        const val SERVER_ONLY = "only accepted connections"
    }
}
