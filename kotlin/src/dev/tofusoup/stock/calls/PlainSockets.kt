package dev.tofusoup.stock.calls

import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Socket
import java.net.SocketAddress
import javax.net.SocketFactory

/** Makes the client's connections without TLS. */
internal object PlainSockets : SocketFactory() {
    override fun createSocket(): Socket = CallSocket()

    override fun createSocket(
        host: String,
        port: Int,
    ): Socket = connected(InetSocketAddress(host, port))

    override fun createSocket(
        host: String,
        port: Int,
        localHost: InetAddress,
        localPort: Int,
    ): Socket = connected(InetSocketAddress(host, port), InetSocketAddress(localHost, localPort))

    override fun createSocket(
        host: InetAddress,
        port: Int,
    ): Socket = connected(InetSocketAddress(host, port))

    override fun createSocket(
        address: InetAddress,
        port: Int,
        localAddress: InetAddress,
        localPort: Int,
    ): Socket = connected(InetSocketAddress(address, port), InetSocketAddress(localAddress, localPort))

    private fun connected(
        remote: SocketAddress,
        local: SocketAddress? = null,
    ): Socket {
        val socket = CallSocket()
        try {
            local?.let(socket::bind)
            socket.connect(remote)
        } catch (e: IOException) {
            socket.close()
            throw e
        }
        return socket
    }
}
