package greeting

import tofusoup.stock.GetRequest
import tofusoup.stock.StockGrpcKt

/** A greeting that needs generated code of both languages, and with it the dependency layer. */
fun greet(name: String): String {
    val request = GetRequest.newBuilder().setKey(name).build()
    return "${StockGrpcKt.SERVICE_NAME}: hello, ${request.key}"
}
