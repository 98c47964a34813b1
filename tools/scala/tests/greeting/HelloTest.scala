package greeting

import java.nio.charset.StandardCharsets.UTF_8

class HelloTest extends munit.FunSuite:
  test("the program greets"):
    val process = ProcessBuilder(sys.env("PROGRAM"), "you", "é").start()
    val said = String(process.getInputStream.readAllBytes(), UTF_8)
    assertEquals((process.waitFor(), said), (0, "tofusoup.stock.Stock: hello, you é\n"))
