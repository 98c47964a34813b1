package dev.tofusoup.stock

import com.google.protobuf.ByteString
import dev.tofusoup.stock.testing.ProgramEnd
import dev.tofusoup.stock.testing.TestIdentity
import dev.tofusoup.stock.testing.TestProgram
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.concurrent.thread
import kotlin.io.path.writeBytes

class StockClientTest {
    private val server = TestProgram.start("SERVER", "--port=0")
    private var endpoint = server.line().substringAfterLast(' ')

    @AfterEach
    fun end() = server.close()

    @Test
    fun keysAndValues() {
        assertEquals(ok("OK\n"), run("put", "key", "\u00FFa"))
        assertEquals(ok("\u00FFa\n"), run("get", "key"))
        assertEquals(ok("\u00FFa\n"), run("kv-get", "key"))
        assertEquals(ok("OK\n"), run("delete", "key"))
        assertEquals(ProgramEnd(69, "", "NOT_FOUND: key not found: key\n"), run("get", "key"))
        assertEquals(2, run("get", "\u00FF").code)
        assertEquals(67, run("get", "").code)
    }

    @Test
    fun batchesAndTrades() {
        assertEquals(ok("total=2 successful=1 failed=1 bytes=1\n"), run("batch", "a=1", "=2"))
        val fills = "ok\tac\\tme\t5\tbought\nrejected\tac\\tme\t0\tinsufficient position: have 5, want 6\n"
        assertEquals(ok(fills), run("trade", "buy:ac\tme:5", "sell:ac\tme:6"))
        val inventory = run("inventory").output
        assertTrue(inventory.startsWith("items=1\nbytes=1\nuptime_seconds="), inventory)
        assertTrue("\nmetadata.security=plaintext\n" in inventory, inventory)
        assertEquals(ok("SERVING\n"), run("health"))
        assertEquals(69, run("health", "absent").code)
    }

    @Test
    fun batchesOfStandardInput() {
        TestProgram.start(CLIENT, "batch", "--server=$endpoint").use { batch ->
            batch.input.write("a=1\n\n  \nb=x=y\n".toByteArray())
            batch.input.close()
            assertEquals(ok("total=2 successful=2 failed=0 bytes=4\n"), batch.end())
        }
    }

    @Test
    fun monitorsPrintEvents() {
        TestProgram.start(CLIENT, "monitor", "k*", "--timeout-seconds=0", "--server=$endpoint").use { monitor ->
            // Put until the subscription is there to see it.
            val puts = thread { repeat(10) { run("put", "k", "a\nb") } }
            val line = monitor.line()
            assertTrue(line.matches(Regex("[0-9]+\tPUT\tk\ta\\\\nb")), line)
            monitor.signal("INT")
            assertEquals(130, monitor.end().code)
            puts.join()
        }
    }

    @Test
    fun failuresAreOneLine() {
        server.signal("TERM")
        server.end()
        val end = run("get", "key")
        assertEquals(78, end.code)
        assertTrue(end.errors.startsWith("UNAVAILABLE: "), end.errors)
        assertEquals(
            1,
            end.errors
                .trimEnd()
                .lines()
                .size,
            end.errors,
        )
        val usage = run("fetch")
        assertEquals(2, usage.code)
        assertTrue(usage.errors.startsWith("unknown operation: fetch\nusage: stock_client"), usage.errors)
        assertEquals(ok(About.line("stock_client") + "\n"), TestProgram.run(CLIENT, "--version"))
    }

    @Test
    fun tls(
        @TempDir folder: Path,
    ) {
        val identity = TestIdentity.mint(folder)
        val chain = folder.resolve("chain.pem").apply { writeBytes(identity.chain) }
        val key = folder.resolve("key.pem").apply { writeBytes(identity.key) }
        val files = arrayOf("--cert-file=$chain", "--key-file=$key")
        TestProgram.start("SERVER", "--port=0", "--tls-mode=mtls", "--client-ca-file=$chain", *files).use { secure ->
            endpoint = secure.line().substringAfterLast(' ')
            val flags = arrayOf("--tls", "--ca-file=$chain", "--server-name=localhost")
            assertEquals(ok("SERVING\n"), run("health", *flags, *files))
            assertEquals(78, run("health", *flags).code)
            val end = run("health", "--tls", "--ca-file=$key")
            assertEquals(ProgramEnd(2, "", "roots: PEM block 1 is not a certificate\n"), end)
        }
    }

    @Test
    fun linesAreEscaped() {
        val bytes = ByteString.fromHex("5c0a09017fffc3a9f09f61")
        assertEquals("\\\\\\n\\t\\x01\\x7F\\xFFé\\xF0\\x9Fa", Lines.escape(bytes))
    }

    private fun run(vararg words: String): ProgramEnd = TestProgram.run(CLIENT, *words, "--server", endpoint, "--timeout-seconds", "20")

    private companion object {
        const val CLIENT = "CLIENT"

        fun ok(output: String) = ProgramEnd(0, output, "")
    }
}
