package dev.tofusoup.stock.testing

import java.io.InputStream
import java.io.OutputStream
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/** How a program ended. */
data class ProgramEnd(
    val code: Int,
    val output: String,
    val errors: String,
)

/** A program that a test runs as a process: the one that an environment variable names. */
class TestProgram private constructor(
    private val process: Process,
) : AutoCloseable {
    private val errors = CompletableFuture.supplyAsync { process.errorStream.readAllBytes().decodeToString() }

    val input: OutputStream get() = process.outputStream
    val output: InputStream get() = process.inputStream

    /** The next line of standard output. */
    fun line(): String {
        val bytes = generateSequence { output.read() }.takeWhile { it >= 0 && it != '\n'.code }
        return bytes
            .map { it.toByte() }
            .toList()
            .toByteArray()
            .decodeToString()
    }

    /** Sends a signal by its name. */
    fun signal(name: String) {
        ProcessBuilder("kill", "-$name", process.pid().toString()).start().waitFor(PATIENCE.inWholeSeconds, TimeUnit.SECONDS)
    }

    /** Waits for the end. */
    fun end(): ProgramEnd {
        val said = output.readAllBytes().toString(Charsets.ISO_8859_1)
        check(process.waitFor(PATIENCE.inWholeSeconds, TimeUnit.SECONDS)) { "the program does not end" }
        return ProgramEnd(process.exitValue(), said, errors.get(PATIENCE.inWholeSeconds, TimeUnit.SECONDS))
    }

    override fun close() {
        process.destroyForcibly()
    }

    companion object {
        /** Starts a program; its words may hold any bytes but NUL, as characters of ISO 8859-1. */
        fun start(
            variable: String,
            vararg words: String,
        ): TestProgram {
            // The shell's printf makes bytes of escapes, which Java's own arguments could not carry.
            val escaped =
                words.joinToString("") { word ->
                    val bytes = word.toByteArray(Charsets.ISO_8859_1).joinToString("") { "\\0%03o".format(it.toInt() and 0xFF) }
                    " \"\$(printf '%b' '$bytes')\""
                }
            val builder = ProcessBuilder("sh", "-c", "exec \"\$0\"$escaped", System.getenv(variable))
            builder.environment().remove("LC_ALL")
            builder.environment()["LANG"] = "C"
            // Where the launcher's archive makes the later ones of many starts quick.
            builder.environment()["XDG_CACHE_HOME"] = System.getenv("TEST_TMPDIR")
            return TestProgram(builder.start())
        }

        /** Runs a program to its end. */
        fun run(
            variable: String,
            vararg words: String,
        ): ProgramEnd =
            start(variable, *words).use {
                it.input.close()
                it.end()
            }
    }
}
