package dev.tofusoup.stock.calls

import dev.tofusoup.stock.credentials.Credentials
import java.net.InetAddress
import java.net.Socket
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLSocket
import javax.net.ssl.SSLSocketFactory

/**
 * Makes the client's end of TLS, which verifies the server's name as the JDK does: grpc-okhttp's own
 * verifier takes the subject's common name, and compares addresses as text.
 */
internal class VerifyingSockets(
    context: SSLContext,
) : SSLSocketFactory() {
    private val sockets = context.socketFactory

    override fun createSocket(
        connection: Socket,
        host: String,
        port: Int,
        autoClose: Boolean,
    ): Socket = verifying(sockets.createSocket(connection, host, port, autoClose))

    override fun createSocket(
        host: String,
        port: Int,
    ): Socket = verifying(sockets.createSocket(host, port))

    override fun createSocket(
        host: String,
        port: Int,
        localHost: InetAddress,
        localPort: Int,
    ): Socket = verifying(sockets.createSocket(host, port, localHost, localPort))

    override fun createSocket(
        host: InetAddress,
        port: Int,
    ): Socket = verifying(sockets.createSocket(host, port))

    override fun createSocket(
        address: InetAddress,
        port: Int,
        localAddress: InetAddress,
        localPort: Int,
    ): Socket = verifying(sockets.createSocket(address, port, localAddress, localPort))

    override fun getDefaultCipherSuites(): Array<String> = Credentials.CIPHERS

    override fun getSupportedCipherSuites(): Array<String> = Credentials.CIPHERS

    private fun verifying(socket: Socket): Socket {
        val ssl = socket as SSLSocket
        ssl.sslParameters = ssl.sslParameters.apply { endpointIdentificationAlgorithm = "HTTPS" }
        return CallSslSocket(ssl)
    }
}
