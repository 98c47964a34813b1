package dev.tofusoup.stock.directive

import com.google.protobuf.ByteString
import dev.tofusoup.stock.headers.Headers
import io.grpc.Context
import io.grpc.Grpc
import io.grpc.Metadata
import io.grpc.ServerCall
import tofusoup.stock.session.Observation
import tofusoup.stock.session.Observed
import java.util.Base64
import java.util.concurrent.TimeUnit.NANOSECONDS
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.SSLPeerUnverifiedException
import javax.net.ssl.SSLSession

/** Collects what the server sees of one call and reports it at the call's end. */
internal class Observer private constructor(
    private val tag: String,
    private val report: Report,
) {
    private val observation = Observation.newBuilder()
    private val read = AtomicInteger()
    private val sent = AtomicInteger()

    fun read() {
        read.incrementAndGet()
    }

    fun sent() {
        sent.incrementAndGet()
    }

    /** Reports the call; [cancelled] is whether it ended by cancellation or by its deadline. */
    fun ended(cancelled: Boolean) {
        observation
            .setMessagesRead(read.get())
            .setMessagesSent(sent.get())
            .setCancelled(cancelled)
        report.observed(
            Observed
                .newBuilder()
                .setTag(tag)
                .setObservation(observation)
                .build(),
        )
    }

    private fun begin(
        call: ServerCall<*, *>,
        headers: Metadata,
    ) {
        observation.setMetadata(Headers.fromGrpc(headers))
        Context.current().deadline?.let { observation.setDeadlineNs(it.timeRemaining(NANOSECONDS)) }
        headers.get(ENCODING)?.let { observation.setRequestEncoding(it) }
        call.attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION)?.let { session ->
            observation.setTlsVersion(session.protocol.removePrefix("TLSv"))
            observation.setPeerCertificatePem(peerCertificate(session))
        }
    }

    companion object {
        private val ENCODING = Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)
        private const val PEM_LINE = 64
        private val PEM = Base64.getMimeEncoder(PEM_LINE, "\n".toByteArray())

        /** An observer of a call that begins now; without a tag it reports nothing. */
        fun of(
            tag: String,
            call: ServerCall<*, *>,
            headers: Metadata,
            report: Report,
        ): Observer = if (tag.isEmpty()) Observer(tag, Report.NOBODY) else Observer(tag, report).apply { begin(call, headers) }

        private fun peerCertificate(session: SSLSession): ByteString =
            try {
                val body = PEM.encodeToString(session.peerCertificates.first().encoded)
                ByteString.copyFromUtf8("-----BEGIN CERTIFICATE-----\n$body\n-----END CERTIFICATE-----\n")
            } catch (_: SSLPeerUnverifiedException) {
                ByteString.EMPTY // offered none
            }
    }
}
