package greeting

import java.nio.charset.StandardCharsets.ISO_8859_1
import java.nio.charset.StandardCharsets.UTF_8
import scala.util.Using

class HelloTest extends munit.FunSuite:
  private def run(program: String, filter: String, words: String*): (Int, String) =
    val builder = ProcessBuilder(sys.env(program) +: words*)
    val environment = builder.environment
    for name <- Seq("HOME", "XDG_CACHE_HOME", "XML_OUTPUT_FILE") do
      val _ = environment.remove(name)
    val _ = environment.put("TESTBRIDGE_TEST_ONLY", filter)
    val process = builder.start()
    val said = String(process.getInputStream.readAllBytes(), UTF_8)
    (process.waitFor(), said)

  test("the program greets"):
    assertEquals(run("PROGRAM", "", "you", "é"), (0, "tofusoup.stock.Stock: hello, you é\n"))

  test("tests are told by name"):
    val (code, said) = run("FAILING", "")
    assertEquals(code, 1)
    assert(said.contains("ok      FailingTest.one and one are two"), said)
    assert(said.contains("FAILED  FailingTest.one is two"), said)

  test("generated code is the same wherever it is compiled"):
    val tasty = "/tofusoup/stock/GetRequest.tasty"
    val text = Using.resource(getClass.getResourceAsStream(tasty).nn)(in => String(in.readAllBytes(), ISO_8859_1))
    assert(text.contains(".jar.sources/tofusoup/stock/GetRequest.scala"))
    assert(!text.contains("/tmp/"), "it names a folder of its run")

  test("a filter chooses"):
    assertEquals(run("FAILING", "FailingTest.one and one")._1, 0)
    assertEquals(run("FAILING", "is two")._1, 1)
