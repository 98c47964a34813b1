package dev.tofusoup.stock.listener

import kotlinx.coroutines.Job
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.SocketAddress
import javax.net.ssl.HandshakeCompletedListener
import javax.net.ssl.SSLParameters
import javax.net.ssl.SSLSession
import javax.net.ssl.SSLSocket

/**
 * A socket of TLS whose versions and ciphers are settled: grpc-okhttp's server would have it speak
 * TLS 1.2 alone, and takes no other specification than one of a library that knows no TLS 1.3.
 *
 * @param timer is cancelled when the handshake is over
 */
internal class SettledSocket(
    private val socket: SSLSocket,
    private val timer: Job,
) : SSLSocket() {
    override fun startHandshake() {
        try {
            socket.startHandshake()
        } finally {
            timer.cancel()
        }
    }

    override fun setEnabledProtocols(protocols: Array<String>) = Unit

    override fun setEnabledCipherSuites(suites: Array<String>) = Unit

    override fun getEnabledProtocols(): Array<String> = socket.enabledProtocols

    override fun getEnabledCipherSuites(): Array<String> = socket.enabledCipherSuites

    override fun getSupportedProtocols(): Array<String> = socket.supportedProtocols

    override fun getSupportedCipherSuites(): Array<String> = socket.supportedCipherSuites

    override fun getSSLParameters(): SSLParameters = socket.sslParameters

    override fun setSSLParameters(params: SSLParameters) {
        socket.sslParameters = params
    }

    override fun getApplicationProtocol(): String? = socket.applicationProtocol

    override fun getHandshakeApplicationProtocol(): String? = socket.handshakeApplicationProtocol

    override fun getSession(): SSLSession = socket.session

    override fun getHandshakeSession(): SSLSession? = socket.handshakeSession

    override fun addHandshakeCompletedListener(listener: HandshakeCompletedListener) = socket.addHandshakeCompletedListener(listener)

    override fun removeHandshakeCompletedListener(listener: HandshakeCompletedListener) = socket.removeHandshakeCompletedListener(listener)

    override fun setUseClientMode(mode: Boolean) {
        socket.useClientMode = mode
    }

    override fun getUseClientMode(): Boolean = socket.useClientMode

    override fun setNeedClientAuth(need: Boolean) {
        socket.needClientAuth = need
    }

    override fun getNeedClientAuth(): Boolean = socket.needClientAuth

    override fun setWantClientAuth(want: Boolean) {
        socket.wantClientAuth = want
    }

    override fun getWantClientAuth(): Boolean = socket.wantClientAuth

    override fun setEnableSessionCreation(flag: Boolean) {
        socket.enableSessionCreation = flag
    }

    override fun getEnableSessionCreation(): Boolean = socket.enableSessionCreation

    override fun getInputStream(): InputStream = socket.inputStream

    override fun getOutputStream(): OutputStream = socket.outputStream

    override fun getInetAddress(): InetAddress? = socket.inetAddress

    override fun getLocalAddress(): InetAddress? = socket.localAddress

    override fun getPort(): Int = socket.port

    override fun getLocalPort(): Int = socket.localPort

    override fun getRemoteSocketAddress(): SocketAddress? = socket.remoteSocketAddress

    override fun getLocalSocketAddress(): SocketAddress? = socket.localSocketAddress

    override fun setSoTimeout(timeout: Int) {
        socket.soTimeout = timeout
    }

    override fun getSoTimeout(): Int = socket.soTimeout

    override fun isConnected(): Boolean = socket.isConnected

    override fun isClosed(): Boolean = socket.isClosed

    override fun isInputShutdown(): Boolean = socket.isInputShutdown

    override fun isOutputShutdown(): Boolean = socket.isOutputShutdown

    override fun shutdownInput() = socket.shutdownInput()

    override fun shutdownOutput() = socket.shutdownOutput()

    override fun close() = socket.close()
}
