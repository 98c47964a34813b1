package dev.tofusoup.stock.calls

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientStreamTracer.StreamInfo
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import tofusoup.stock.StockGrpc
import tofusoup.stock.TradeOrder

class EndedByServerTest {
    private val wire = Wire()
    private val call = EndedByServer.interceptCall(StockGrpc.getTradeMethod(), CallOptions.DEFAULT, wire)

    @Test
    fun whatComesBeforeTheEndIsSent() {
        call.sendMessage(TradeOrder.getDefaultInstance())
        call.halfClose()
        assertEquals(listOf("message", "half close"), wire.sent)
    }

    @Test
    fun nothingIsSentAfterTheServersTrailers() {
        call.sendMessage(TradeOrder.getDefaultInstance())
        wire.end()
        call.sendMessage(TradeOrder.getDefaultInstance())
        call.halfClose()
        assertEquals(listOf("message"), wire.sent)
    }

    /** Writes down what is handed to the transport. */
    private class Wire : Channel() {
        val sent = mutableListOf<String>()
        private var options = CallOptions.DEFAULT

        /** What a transport tells its tracers of trailers. */
        fun end() =
            options.streamTracerFactories.forEach {
                it.newClientStreamTracer(StreamInfo.newBuilder().build(), Metadata()).inboundTrailers(Metadata())
            }

        override fun authority() = "nobody"

        override fun <Q, R> newCall(
            method: MethodDescriptor<Q, R>,
            options: CallOptions,
        ): ClientCall<Q, R> {
            this.options = options
            return object : ClientCall<Q, R>() {
                override fun start(
                    listener: Listener<R>,
                    headers: Metadata,
                ) = Unit

                override fun request(messages: Int) = Unit

                override fun cancel(
                    message: String?,
                    cause: Throwable?,
                ) = Unit

                override fun halfClose() {
                    sent += "half close"
                }

                override fun sendMessage(message: Q) {
                    sent += "message"
                }
            }
        }
    }
}
