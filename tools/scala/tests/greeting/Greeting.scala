package greeting

import tofusoup.stock.GetRequest
import tofusoup.stock.StockGrpc

/** A greeting that needs generated code, and with it the dependency layer. */
def greet(name: String): String =
  s"${StockGrpc.SERVICE.getName}: hello, ${GetRequest(key = name).key}"
