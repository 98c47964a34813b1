package dev.tofusoup.stock

import java.io.PrintStream
import java.time.temporal.ChronoUnit
import java.util.logging.Formatter
import java.util.logging.Handler
import java.util.logging.Level
import java.util.logging.LogManager
import java.util.logging.LogRecord
import java.util.logging.Logger
import java.util.logging.StreamHandler

/** The log: a line of standard error each, `TIME LEVEL LOGGER: MESSAGE: CAUSE`. */
internal object Log {
    /** Where grpc-okhttp tells of failed handshakes, at INFO. Loggers are forgotten with what was set of them. */
    private val handshakes = Logger.getLogger("io.grpc.okhttp.OkHttpServerTransport")

    /** Sends all loggers' lines to a stream, from WARNING up: at INFO, grpc-java tells of its frames. */
    fun to(stream: PrintStream) {
        LogManager.getLogManager().reset()
        Logger.getLogger("").run {
            addHandler(Flushing(stream))
            level = Level.WARNING
        }
        handshakes.level = Level.INFO
    }

    private class Flushing(
        stream: PrintStream,
    ) : StreamHandler(stream, OneLine()) {
        init {
            level = Level.ALL
        }

        @Synchronized
        override fun publish(line: LogRecord) {
            super.publish(line)
            flush()
        }
    }

    private class OneLine : Formatter() {
        override fun format(line: LogRecord): String =
            buildString {
                append(line.instant.truncatedTo(ChronoUnit.MILLIS)).append(' ')
                append(line.level.name).append(' ')
                append(line.loggerName.orEmpty().substringAfterLast('.')).append(": ")
                append(Lines.oneLine(formatMessage(line)))
                for (cause in generateSequence(line.thrown) { it.cause }) {
                    append(": ").append(Lines.oneLine(cause.toString()))
                    // A fault of our own is found by where it is.
                    if (cause.cause == null && cause is RuntimeException) {
                        cause.stackTrace.firstOrNull()?.let { append(" at ").append(it) }
                    }
                }
                append('\n')
            }
    }
}
