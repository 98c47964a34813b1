package dev.tofusoup.stock

/** What the two programs are: in Hello, in Inventory and to --version. */
object About {
    const val VERSION = BuildInfo.VERSION
    const val LANGUAGE = "kotlin"
    const val LIBRARY = "grpc-kotlin ${BuildInfo.GRPC_VERSION}"
    const val TRANSPORT = "okhttp"
    const val TLS_STACK = "jsse"
    val RUNTIME = "kotlin ${KotlinVersion.CURRENT} on java ${System.getProperty("java.version")}"

    /** What a program prints for --version: `stock_server 0.1.0 kotlin grpc-kotlin 1.5.0`. */
    fun line(program: String): String = "$program $VERSION $LANGUAGE $LIBRARY"
}
