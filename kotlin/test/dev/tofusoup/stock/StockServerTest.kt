package dev.tofusoup.stock

import dev.tofusoup.stock.testing.LOOPBACK
import dev.tofusoup.stock.testing.ProgramEnd
import dev.tofusoup.stock.testing.TestIdentity
import dev.tofusoup.stock.testing.TestProgram
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.net.ServerSocket
import java.net.Socket
import java.nio.file.Path
import kotlin.io.path.deleteExisting
import kotlin.io.path.writeBytes

class StockServerTest {
    @TempDir
    lateinit var folder: Path

    @ParameterizedTest
    @ValueSource(strings = ["TERM", "INT"])
    fun aSignalEndsIt(signal: String) {
        TestProgram.start(SERVER, "--port", "0").use { server ->
            val ready = server.line()
            assertTrue(ready.matches(Regex("Server listening on 127\\.0\\.0\\.1:[1-9][0-9]*")), ready)
            Socket(LOOPBACK, ready.substringAfterLast(':').toInt()).use { idle ->
                server.signal(signal)
                val end = server.end()
                assertEquals(0, end.code)
                assertEquals("", end.output)
                assertTrue(idle.getInputStream().readAllBytes().size < 100)
            }
        }
    }

    @Test
    fun literalsOfVersionSixHaveBrackets() {
        TestProgram.start(SERVER, "--port=0", "--host=::1").use {
            assertTrue(it.line().matches(Regex("Server listening on \\[::1]:[0-9]+")))
        }
    }

    @Test
    fun itPrintsWhatItIs() {
        assertEquals(ProgramEnd(0, About.line("stock_server") + "\n", ""), TestProgram.run(SERVER, "--version"))
        val help = TestProgram.run(SERVER, "--help")
        assertEquals(0, help.code)
        assertTrue(help.output.startsWith("usage: stock_server [FLAGS]\n"))
    }

    @Test
    fun wrongUsageIsALineAndTheUsage() {
        val end = TestProgram.run(SERVER, "--nothing")
        assertEquals(2, end.code)
        assertEquals("", end.output)
        assertTrue(end.errors.startsWith("unknown flag: --nothing\nusage: "), end.errors)
    }

    @Test
    fun whatCannotBeBoundIsTold() {
        ServerSocket(0, 1, LOOPBACK).use { taken ->
            val end = TestProgram.run(SERVER, "--port", "${taken.localPort}")
            assertEquals(3, end.code)
            assertEquals(
                1,
                end.errors
                    .trimEnd()
                    .lines()
                    .size,
                end.errors,
            )
        }
        val impossible = TestProgram.run(SERVER, "--port=0", "--host=192.0.2.1", "--allow-plaintext-network")
        assertEquals(3, impossible.code)
    }

    @Test
    fun identitiesMustMatch() {
        val one = TestIdentity.mint(folder)
        val chain = folder.resolve("chain.pem").apply { writeBytes(one.chain) }
        val key = folder.resolve("key.pem").apply { writeBytes(TestIdentity.mint(folder).key) }
        val line = arrayOf("--port=0", "--tls-mode=tls", "--cert-file=$chain", "--key-file=$key")
        val expected = "identity: the key does not belong to the certificate\n"
        assertEquals(ProgramEnd(2, "", expected), TestProgram.run(SERVER, *line))
        key.writeBytes(one.key)
        TestProgram.start(SERVER, *line).use { server ->
            Socket(LOOPBACK, server.line().substringAfterLast(':').toInt()).use { stranger ->
                stranger.getOutputStream().write("no handshake\r\n\r\n".toByteArray())
                stranger.getInputStream().readAllBytes()
            }
            server.signal("TERM")
            val drained = server.end()
            assertEquals(0, drained.code)
            assertEquals(
                1,
                drained.errors
                    .trimEnd()
                    .lines()
                    .size,
                drained.errors,
            )
            assertTrue("handshake" in drained.errors, drained.errors)
        }
        key.deleteExisting()
        assertEquals("$key: no such file\n", TestProgram.run(SERVER, *line).errors)
    }

    @Test
    fun aSessionEndsWithItsInput() {
        TestProgram.start(SERVER, "--session").use { server ->
            assertEquals(0, server.output.read())
            server.input.close()
            assertEquals(0, server.end().code)
        }
        TestProgram.start(SERVER, "--session").use { server ->
            server.input.write(byteArrayOf(0, 0, 0))
            server.input.close()
            val end = server.end()
            assertEquals(4, end.code)
            assertEquals("standard input ends within a frame\n", end.errors)
        }
    }

    private companion object {
        const val SERVER = "SERVER"
    }
}
