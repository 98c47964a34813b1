package dev.tofusoup.stock.listener

import dev.tofusoup.stock.credentials.ServerTls
import java.net.InetAddress

/**
 * Where and how to listen.
 *
 * @property port 0: any free one
 * @property security what Inventory says: plaintext, tls or mtls
 * @property tls null: plaintext
 */
class Binding(
    val address: InetAddress,
    val port: Int,
    val security: String,
    val tls: ServerTls?,
    val maxReceiveBytes: Int,
) {
    companion object {
        /** The largest message read, unless somebody says otherwise. */
        const val DEFAULT_RECEIVE_BYTES = 4 shl 20

        /** The security of a binding without TLS. */
        const val PLAINTEXT = "plaintext"
    }
}
