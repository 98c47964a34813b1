package dev.tofusoup.stock

/** What the two programs are: in Hello, in Inventory and to --version. */
object About:
  val Version: String = BuildInfo.Version
  val Language = "scala"
  val Library: String = s"grpc-java ${BuildInfo.GrpcJava}"
  val Runtime: String = s"scala ${BuildInfo.Scala} on java ${System.getProperty("java.version")}"
  val Transport = "netty"
  val TlsStack = "boringssl"

  /** What Inventory says of the server, whatever the connection. */
  def metadata: Map[String, String] = Map(
    "language" -> Language,
    "runtime" -> Runtime,
    "library" -> Library,
    "transport" -> Transport,
    "tls_stack" -> TlsStack
  )

  /** What a program prints for --version: `stock_server 0.1.0 scala grpc-java 1.85.0`. */
  def line(program: String): String = s"$program $Version $Language $Library"
