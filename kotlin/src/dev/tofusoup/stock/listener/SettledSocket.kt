package dev.tofusoup.stock.listener

import dev.tofusoup.stock.sockets.ForwardingSslSocket
import kotlinx.coroutines.Job
import javax.net.ssl.SSLSocket

/**
 * A socket of TLS whose versions and ciphers are settled: grpc-okhttp's server would have it speak
 * TLS 1.2 alone, and takes no other specification than one of a library that knows no TLS 1.3.
 *
 * @param timer is cancelled when the handshake is over
 */
internal class SettledSocket(
    socket: SSLSocket,
    private val timer: Job,
) : ForwardingSslSocket(socket) {
    override fun startHandshake() {
        try {
            super.startHandshake()
        } finally {
            timer.cancel()
        }
    }

    override fun setEnabledProtocols(protocols: Array<String>) = Unit

    override fun setEnabledCipherSuites(suites: Array<String>) = Unit
}
