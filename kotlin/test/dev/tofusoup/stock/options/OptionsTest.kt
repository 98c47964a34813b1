package dev.tofusoup.stock.options

import com.google.common.net.HostAndPort
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.ValueSource
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds

class OptionsTest {
    @Test
    fun serverDefaults() {
        val expected =
            ServerOptions.Serve(
                host = "127.0.0.1",
                port = 50_051,
                security = "plaintext",
                certFile = null,
                keyFile = null,
                clientCaFile = null,
                grace = 3.seconds,
                maxReceiveBytes = 4 shl 20,
                conformance = false,
            )
        assertEquals(expected, ServerOptions.parse(emptyList()))
    }

    @ParameterizedTest
    @CsvSource(
        "--tls-mode disabled, plaintext",
        "--tls-mode tls --cert-file c --key-file k, tls",
        "--tls-mode=server --cert-file=c --key-file=k, tls",
        "--tls-mode manual --cert-file c --key-file k --client-ca-file a, mtls",
        "--tls-mode mtls --cert-file c --key-file k --client-ca-file a, mtls",
        "--host ::1, plaintext",
        "--host localhost, plaintext",
        "--host 127.9.9.9, plaintext",
        "--host 0.0.0.0 --allow-plaintext-network, plaintext",
    )
    fun serverSecurity(
        line: String,
        security: String,
    ) = assertEquals(security, serve(line).security)

    @ParameterizedTest
    @CsvSource(
        "stray, stray argument: stray",
        "-5, stray argument: -5",
        "//a=1, stray argument: //a=1",
        "@file, stray argument: @file",
        "--nothing, unknown flag: --nothing",
        "--por 1, unknown flag: --por",
        "--port, option --port requires a value",
        "--port x, '--port: \"x\" given, a number from 0 to 65535 expected'",
        "--port x --port 1, '--port: \"x\" given'",
        "--port x --help, '--port: \"x\" given'",
        "--port --help, '--port: \"--help\" given'",
        "--port 65536, --port:",
        "--port +1, --port:",
        "--port=, --port:",
        "--conformance=yes, --conformance",
        "--host=, '--host: \"\" given, a value that is not empty expected'",
        "--max-receive-bytes 0, --max-receive-bytes:",
        "--max-receive-bytes 2147483648, --max-receive-bytes:",
        "--max-receive-bytes 99999999999999999999, --max-receive-bytes:",
        "--grace-seconds -1, --grace-seconds:",
        "--grace-seconds 1e3, --grace-seconds:",
        "--grace-seconds 1., '--grace-seconds: \"1.\" given, seconds like 5 or 0.25 expected'",
        "--tls-mode ssl, '--tls-mode: \"ssl\" given, none, tls or mtls expected'",
        "--cert-file c, --cert-file does not go with --tls-mode none",
        "--tls-mode tls, --tls-mode tls needs --cert-file",
        "--tls-mode tls --cert-file c, --tls-mode tls needs --key-file",
        "--tls-mode mtls --cert-file c --key-file k, --tls-mode mtls needs --client-ca-file",
        "--tls-mode tls --cert-file c --key-file k --client-ca-file a, --client-ca-file does not go",
        "--host 0.0.0.0, --host 0.0.0.0 without TLS needs --allow-plaintext-network",
        "--host 1.2.3.4 --tls-mode disabled, --allow-plaintext-network",
        "--session --port 1, --session goes without --port",
    )
    fun serverRefusals(
        line: String,
        expected: String,
    ) = refuses(expected) { ServerOptions.parse(words(line)) }

    @Test
    fun serverValues() {
        val serve = serve("--port=1 --port 0 --grace-seconds 0.25 --max-receive-bytes 7 --conformance")
        assertEquals(0, serve.port)
        assertEquals(250.milliseconds, serve.grace)
        assertEquals(7, serve.maxReceiveBytes)
        assertTrue(serve.conformance)
        assertEquals(1.nanoseconds, serve("--grace-seconds 0.0000000001").grace)
        val session = ServerOptions.parse(words("--session --grace-seconds 0"))
        assertEquals(ServerOptions.Session(Duration.ZERO), session)
        assertEquals(ServerOptions.Help, ServerOptions.parse(words("--help stray")))
        assertEquals(ServerOptions.Version, ServerOptions.parse(words("--version")))
    }

    @Test
    fun clientDefaults() {
        val expected =
            ClientOptions.Operate(
                Operation.GET,
                arguments = listOf("k"),
                server = HostAndPort.fromParts("127.0.0.1", 50_051),
                tls = null,
                timeout = 5.seconds,
                maxReceiveBytes = 4 shl 20,
                count = 0,
            )
        assertEquals(expected, ClientOptions.parse(words("get k")))
    }

    @ParameterizedTest
    @CsvSource(
        "--tls put --server [::1]:7 k --server-name n -5 --timeout-seconds=0, put, ::1, 7",
        "put k - --server h_1.x:65535 --tls, put, h_1.x, 65535",
        "monitor --count 3, monitor, 127.0.0.1, 50051",
        "kv-put -- k --v, kv-put, 127.0.0.1, 50051",
        "batch //a=1 ==, batch, 127.0.0.1, 50051",
    )
    fun clientLines(
        line: String,
        operation: String,
        host: String,
        port: Int,
    ) {
        val operate = ClientOptions.parse(words(line)) as ClientOptions.Operate
        assertEquals(operation, operate.operation.word)
        assertEquals(HostAndPort.fromParts(host, port), operate.server)
    }

    @ParameterizedTest
    @CsvSource(
        "'', an operation is needed",
        "fetch k, unknown operation: fetch",
        "get, get needs KEY",
        "put k, put needs KEY VALUE|-",
        "get k l, stray argument: l",
        "inventory x, stray argument: x",
        "get k --count 1, --count does not go with get",
        "get k --ca-file f, --ca-file needs --tls",
        "get k --server-name n, --server-name needs --tls",
        "get k --tls --cert-file f, --cert-file needs --key-file",
        "get k --tls --key-file f, --key-file needs --cert-file",
        "get k --server h, '--server: \"h\" given, HOST:PORT expected'",
        "get k --server :1, --server",
        "get k --server h:0, --server",
        "get k --server h:65536, --server",
        "get k --server h:http, --server",
        "get k --server ::1:1, --server",
        "get k --server [h]:1, --server",
        "get k --server dns:///h:1, --server",
        "--session get, --session goes without an operation: get",
        "--session --timeout-seconds 1, --session goes without --timeout-seconds",
        "'get k --timeout-seconds 1,5', --timeout-seconds",
    )
    fun clientRefusals(
        line: String,
        expected: String,
    ) = refuses(expected) { ClientOptions.parse(words(line)) }

    @Test
    fun wordsAreBytes() {
        refuses("get: \"\\xff\" given, UTF-8 expected") { ClientOptions.parse(listOf("get", "\u00FF")) }
        val put = ClientOptions.parse(listOf("put", "k", "\u00FF")) as ClientOptions.Operate
        assertArrayEquals(byteArrayOf(-1), Words.bytes(put.arguments.last()))
        assertEquals("é", Words.text(Words.of("é")))
        assertNull(Words.text("\u00FF"))
        assertEquals("é\\x0a", Words.printable(Words.of("é\n")))
    }

    @Test
    fun itemsAndOrders() {
        val item = Arguments.item("k=v=\u00FF")
        assertEquals("k", item.key)
        assertArrayEquals(byteArrayOf('v'.code.toByte(), '='.code.toByte(), -1), item.value.toByteArray())
        refuses("batch: \"k\" given, KEY=VALUE expected") { Arguments.item("k") }
        refuses("batch: \"\\xff\" given, a key of UTF-8") { Arguments.item("\u00FF=v") }
        assertEquals(Arguments.Order(Arguments.Kind.BUY, "a:b", 5), Arguments.order("buy:a:b:5"))
        assertEquals(Arguments.Order(Arguments.Kind.SELL, "", -1), Arguments.order("sell::-1"))
        assertEquals(Arguments.Order(Arguments.Kind.QUERY, "a:1", 0), Arguments.order("query:a:1"))
    }

    @ParameterizedTest
    @ValueSource(strings = ["", "buy", "buy:a", "buy:a:", "buy:a:+5", "buy:a:2147483648", "hold:a:1", "query"])
    fun ordersThatAreNone(word: String) = refuses("trade: ") { Arguments.order(word) }

    @Test
    fun usagesNameEveryFlag() {
        val both = ServerOptions.usage() + ClientOptions.usage()
        for (name in listOf("--tls-mode MODE", "--grace-seconds S", "--count N", "--help  ", "kv-put", "monitor")) {
            assertTrue(name in both, name)
        }
    }

    @Test
    fun whatIsRefusedIsOneLine() {
        val pieces = listOf("--", "--port", "--port=1", "get", "\u00FF", "\n", "--=", "-5", "trade", "buy:a:1", "--\n")
        val random = Random(1)
        repeat(2000) {
            val line = List(random.nextInt(5)) { pieces.random(random) }
            try {
                ClientOptions.parse(line)
                ServerOptions.parse(line)
            } catch (e: UsageException) {
                assertFalse(e.message.isNullOrEmpty() || '\n' in e.message.orEmpty(), e.message)
            }
        }
    }

    private fun words(line: String): List<String> = line.split(' ').filter { it.isNotEmpty() }.map(Words::of)

    private fun serve(line: String) = ServerOptions.parse(words(line)) as ServerOptions.Serve

    private fun refuses(
        expected: String,
        parse: () -> Unit,
    ) {
        val message = assertThrows<UsageException> { parse() }.message.orEmpty()
        assertTrue(expected in message, message)
    }
}
