package dev.tofusoup.stock.credentials;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Has the JDK load what TLS needs, which takes a second on a busy machine: else the first call of a
 * process waits for it.
 */
public final class Warmup {
  private static final Logger logger = Logger.getLogger(Warmup.class.getName());

  private Warmup() {}

  /** Warms up in a thread of its own. */
  public static void start() {
    Thread thread = new Thread(Warmup::run, "warmup");
    thread.setDaemon(true);
    thread.start();
  }

  /** Warms up: a handshake that ends for want of a certificate, and what certificates take. */
  public static void run() {
    try {
      shakeHands();
      sign();
    } catch (GeneralSecurityException | SSLException e) {
      logger.log(Level.WARNING, "TLS is not warm", e); // whoever uses it is told why
    }
  }

  private static void shakeHands() throws GeneralSecurityException, SSLException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLEngine client = context.createSSLEngine("localhost", 0);
    client.setUseClientMode(true);
    SSLEngine server = context.createSSLEngine();
    server.setUseClientMode(false);
    ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), hello);
    hello.flip();
    server.unwrap(hello, ByteBuffer.allocate(server.getSession().getApplicationBufferSize()));
    for (Runnable task = server.getDelegatedTask();
        task != null && server.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
        task = server.getDelegatedTask()) {
      task.run();
    }
  }

  private static void sign() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    byte[] signed = signature.sign();
    signature.initVerify(pair.getPublic());
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("a signature does not verify");
    }
  }
}
