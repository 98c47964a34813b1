package dev.tofusoup.stock.sockets

import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.SocketAddress
import javax.net.ssl.HandshakeCompletedListener
import javax.net.ssl.SSLParameters
import javax.net.ssl.SSLSession
import javax.net.ssl.SSLSocket

/** A socket of TLS that does what another one does. */
internal abstract class ForwardingSslSocket(
    private val socket: SSLSocket,
) : SSLSocket() {
    override fun startHandshake() = socket.startHandshake()

    override fun setEnabledProtocols(protocols: Array<String>) {
        socket.enabledProtocols = protocols
    }

    override fun setEnabledCipherSuites(suites: Array<String>) {
        socket.enabledCipherSuites = suites
    }

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

    override fun setTcpNoDelay(on: Boolean) {
        socket.tcpNoDelay = on
    }

    override fun getTcpNoDelay(): Boolean = socket.tcpNoDelay

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
