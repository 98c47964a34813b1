package dev.tofusoup.stock.calls

import dev.tofusoup.stock.sockets.ForwardingSslSocket
import dev.tofusoup.stock.sockets.LateData
import java.io.InputStream
import java.io.OutputStream
import java.net.Socket
import javax.net.ssl.SSLSocket

/** A client's connection without TLS. */
internal class CallSocket : Socket() {
    private val lateData = LateData()
    private val input by lazy { lateData.input(super.getInputStream()) }
    private val output by lazy { lateData.output(super.getOutputStream()) }

    override fun getInputStream(): InputStream = input

    override fun getOutputStream(): OutputStream = output
}

/** A client's connection with TLS. */
internal class CallSslSocket(
    socket: SSLSocket,
) : ForwardingSslSocket(socket) {
    private val lateData = LateData()
    private val input by lazy { lateData.input(super.getInputStream()) }
    private val output by lazy { lateData.output(super.getOutputStream()) }

    override fun getInputStream(): InputStream = input

    override fun getOutputStream(): OutputStream = output
}
