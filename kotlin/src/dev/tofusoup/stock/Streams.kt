package dev.tofusoup.stock

import dev.tofusoup.stock.options.ExitCode
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.InputStream
import java.io.OutputStream
import java.io.PrintStream

/** The standard streams of a program. What is printed is UTF-8, whatever the locale. */
class Streams(
    val input: InputStream,
    val output: OutputStream,
    private val log: PrintStream,
) {
    /** Prints on standard output. */
    fun print(text: String) = write(text.toByteArray())

    /** Writes bytes to standard output. */
    fun write(bytes: ByteArray) {
        output.write(bytes)
        output.flush()
    }

    /** Prints on standard error. */
    fun error(text: String) {
        val bytes = text.toByteArray()
        log.write(bytes, 0, bytes.size)
        log.flush()
    }

    /** Runs a program; a fault of its own is a line and the exit code for that. */
    @Suppress("TooGenericExceptionCaught") // whatever it is, nobody is shown a trace
    inline fun orFault(program: () -> Int): Int =
        try {
            program()
        } catch (e: Exception) {
            error(Lines.oneLine("internal fault: $e") + "\n")
            ExitCode.INTERNAL
        }

    companion object {
        /** Takes them from the process: what libraries print goes to standard error from here on. */
        fun take(): Streams {
            val output = FileOutputStream(FileDescriptor.out)
            System.setOut(System.err)
            Log.to(System.err)
            return Streams(System.`in`, output, System.err)
        }
    }
}
