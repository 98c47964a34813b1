package dev.tofusoup.stock.directive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import dev.tofusoup.stock.headers.Headers;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import tofusoup.stock.session.Observation;
import tofusoup.stock.session.Observed;

/** Collects what the server sees of one call and reports it at the call's end. */
final class Observer {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));

  private final String tag;
  private final Report report;
  private final Observation.Builder observation = Observation.newBuilder();
  private final AtomicInteger read = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();

  private Observer(String tag, Report report) {
    this.tag = tag;
    this.report = report;
  }

  /** An observer of a call that begins now; without a tag it reports nothing. */
  static Observer of(String tag, ServerCall<?, ?> call, Metadata headers, Report report) {
    if (tag.isEmpty()) {
      return new Observer(tag, Report.NOBODY);
    }
    Observer observer = new Observer(tag, report);
    observer.begin(call, headers);
    return observer;
  }

  void read() {
    read.incrementAndGet();
  }

  void sent() {
    sent.incrementAndGet();
  }

  /**
   * Reports the call.
   *
   * @param cancelled whether it ended by cancellation or by its deadline
   */
  void ended(boolean cancelled) {
    observation.setMessagesRead(read.get()).setMessagesSent(sent.get()).setCancelled(cancelled);
    report.observed(Observed.newBuilder().setTag(tag).setObservation(observation).build());
  }

  private void begin(ServerCall<?, ?> call, Metadata headers) {
    observation.setMetadata(Headers.fromGrpc(headers));
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      observation.setDeadlineNs(deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    String encoding = headers.get(ENCODING);
    if (encoding != null) {
      observation.setRequestEncoding(encoding);
    }
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session != null) {
      observation.setTlsVersion(session.getProtocol().replace("TLSv", ""));
      observation.setPeerCertificatePem(peerCertificate(session));
    }
  }

  private static ByteString peerCertificate(SSLSession session) {
    try {
      Certificate leaf = session.getPeerCertificates()[0];
      String body = PEM.encodeToString(leaf.getEncoded());
      String pem = "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(body);
      return ByteString.copyFrom(pem, US_ASCII);
    } catch (SSLPeerUnverifiedException e) {
      return ByteString.EMPTY; // offered none
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e); // it came encoded
    }
  }
}
