package dev.tofusoup.stock

import com.google.protobuf.ByteString
import dev.tofusoup.stock.calls.Calls
import dev.tofusoup.stock.options.Arguments
import dev.tofusoup.stock.options.ClientOptions
import dev.tofusoup.stock.options.ExitCode
import dev.tofusoup.stock.options.Operation
import dev.tofusoup.stock.options.Words
import io.grpc.Channel
import io.grpc.health.v1.HealthCheckResponse.ServingStatus
import kotlinx.coroutines.flow.take
import tofusoup.stock.BatchItem
import tofusoup.stock.TradeOrder
import java.io.InputStream

/** An operation with its arguments understood: all that is left is to call and to print. */
internal class PreparedOperation(
    private val options: ClientOptions.Operate,
    private val work: suspend (Calls, Streams) -> Int,
) {
    /** Calls and prints; the exit code. */
    suspend fun run(
        channel: Channel,
        streams: Streams,
    ): Int = work(Calls(channel, options.timeout), streams)
}

/** The operations of stock_client. */
internal object Operations {
    /** Understands the arguments of an operation, reading those that standard input holds. */
    fun prepare(
        options: ClientOptions.Operate,
        input: InputStream,
    ): PreparedOperation = PreparedOperation(options, work(options, input))

    private fun work(
        options: ClientOptions.Operate,
        input: InputStream,
    ): suspend (Calls, Streams) -> Int {
        val arguments = options.arguments
        val first = arguments.firstOrNull()?.let(Words::text).orEmpty()
        return when (options.operation) {
            Operation.GET -> printing { value(it.get(first)) }
            Operation.KV_GET -> printing { value(it.kvGet(first)) }
            Operation.PUT -> value(arguments.last(), input).let { value -> confirming { it.put(first, value) } }
            Operation.KV_PUT -> value(arguments.last(), input).let { value -> confirming { it.kvPut(first, value) } }
            Operation.DELETE -> confirming { it.delete(first) }
            Operation.MONITOR -> monitor(first.removeSuffix("*"), options.count)
            Operation.BATCH -> batch(items(arguments, input))
            Operation.TRADE -> trade(arguments.map(::order))
            Operation.INVENTORY -> printing { Lines.inventory(it.inventory()).toByteArray() }
            Operation.HEALTH -> health(first)
        }
    }

    private fun printing(call: suspend (Calls) -> ByteArray): suspend (Calls, Streams) -> Int =
        { calls, streams ->
            streams.write(call(calls))
            ExitCode.OK
        }

    private fun confirming(call: suspend (Calls) -> Unit) =
        printing {
            call(it)
            "OK\n".toByteArray()
        }

    /** The value's bytes and one newline. */
    private fun value(value: ByteString): ByteArray = value.toByteArray() + '\n'.code.toByte()

    private fun value(
        word: String,
        input: InputStream,
    ): ByteString = ByteString.copyFrom(if (word == "-") input.readAllBytes() else Words.bytes(word))

    private fun monitor(
        prefix: String,
        count: Long,
    ): suspend (Calls, Streams) -> Int =
        { calls, streams ->
            val events = calls.monitor(prefix)
            var printed = 0L
            events.take(if (count in 1..Int.MAX_VALUE) count.toInt() else Int.MAX_VALUE).collect {
                streams.print(Lines.event(it))
                printed++
            }
            ExitCode.OK
        }

    private fun batch(items: List<BatchItem>) =
        printing {
            val summary = it.batch(items)
            val counts = "total=${summary.totalItems} successful=${summary.successful} failed=${summary.failed}"
            "$counts bytes=${summary.bytesWritten}\n".toByteArray()
        }

    private fun items(
        arguments: List<String>,
        input: InputStream,
    ): List<BatchItem> {
        val words =
            arguments.ifEmpty {
                val all = input.readAllBytes().toString(Charsets.ISO_8859_1)
                all.lines().filter { it.isNotBlank() }
            }
        return words.map(Arguments::item).map {
            BatchItem
                .newBuilder()
                .setKey(it.key)
                .setValue(it.value)
                .build()
        }
    }

    private fun order(argument: String): TradeOrder {
        val order = Arguments.order(argument)
        return TradeOrder
            .newBuilder()
            .setType(TradeOrder.OrderType.valueOf(order.kind.name))
            .setSymbol(order.symbol)
            .setQuantity(order.quantity)
            .build()
    }

    private fun trade(orders: List<TradeOrder>): suspend (Calls, Streams) -> Int =
        { calls, streams ->
            calls.trade(orders).collect { streams.print(Lines.fill(it)) }
            ExitCode.OK
        }

    private fun health(service: String): suspend (Calls, Streams) -> Int =
        { calls, streams ->
            val status = calls.health(service)
            streams.print("$status\n")
            if (status == ServingStatus.SERVING) ExitCode.OK else ExitCode.NOT_SERVING
        }
}
