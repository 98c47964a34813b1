package dev.tofusoup.stock.calls

import javax.net.ssl.SSLContext

/**
 * Where a server is and how to reach it.
 *
 * @property host a name or a literal address
 * @property tls null: plaintext
 * @property authority also what the server's certificate is verified against; null: the host
 */
class Endpoint(
    val host: String,
    val port: Int,
    val tls: SSLContext?,
    val authority: String?,
    val maxReceiveBytes: Int,
)
