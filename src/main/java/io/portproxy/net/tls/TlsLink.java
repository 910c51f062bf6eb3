package io.portproxy.net.tls;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tlschannel.ClientTlsChannel;
import tlschannel.NeedsReadException;
import tlschannel.NeedsTaskException;
import tlschannel.ServerTlsChannel;
import tlschannel.TlsChannel;
import tlschannel.TlsChannelBuilder;
import tlschannel.TlsChannelFlowControlException;

/**
 * The TLS parts of a connection: the engine, the tls-channel library that drives it, and the {@link CipherChannel}
 * below, which handles the socket. {@link TlsHandshake} sets it up, and {@link TlsTransport} uses it. Loop's thread
 * only.
 */
final class TlsLink {
    private static final Logger log = LoggerFactory.getLogger(TlsLink.class);

    private static final int MAX_ALERTS = 4;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CipherChannel cipher;
    private final SSLEngine engine;
    private final TlsChannel tls;
    private final TlsFailure failure;
    private @Nullable SSLSession session; // first the session of the handshake, then the established session
    private boolean established;

    static TlsLink client(
            EventLoop loop, SocketChannel socket, String host, int port, TlsSettings settings, TlsResources resources) {
        CipherChannel cipher = new CipherChannel(loop, socket);
        SSLEngine engine = settings.clientEngine(settings.context().get(), host, port);
        TlsChannel tls =
                common(ClientTlsChannel.newBuilder(cipher, engine), resources).build();
        return new TlsLink(cipher, engine, tls, TlsFailure.ofServer(host));
    }

    static TlsLink server(
            EventLoop loop, SocketChannel socket, ByteBuffer first, TlsSettings settings, TlsResources resources) {
        CipherChannel cipher = new CipherChannel(loop, socket);
        cipher.begin(first);
        SSLContext context = settings.context().get();
        SSLEngine engine = settings.serverEngine(context);
        ServerTlsChannel.Builder builder =
                ServerTlsChannel.newBuilder(cipher, context).withEngineFactory(same -> engine);
        return new TlsLink(cipher, engine, common(builder, resources).build(), TlsFailure.ofClient());
    }

    private static <T extends TlsChannelBuilder<T>> T common(T builder, TlsResources resources) {
        return builder.withRunTasks(false)
                .withEncryptedBufferAllocator(resources.buffers())
                .withPlainBufferAllocator(resources.buffers());
    }

    private TlsLink(CipherChannel cipher, SSLEngine engine, TlsChannel tls, TlsFailure failure) {
        this.cipher = cipher;
        this.engine = engine;
        this.tls = tls;
        this.failure = failure;
    }

    CipherChannel cipher() {
        return cipher;
    }

    TlsChannel tls() {
        return tls;
    }

    /**
     * Continues the handshake as far as possible.
     *
     * @return a task to run on another thread before the next call; empty if the handshake needs bytes of the peer, or
     *     if {@link #isEstablished}
     * @throws IOException if the handshake has failed
     */
    Optional<Runnable> handshake() throws IOException {
        remember(engine.getHandshakeSession());
        try {
            tls.handshake();
            established();
        } catch (NeedsReadException e) {
            cipher.flush();
        } catch (NeedsTaskException e) {
            return Optional.of(e.getTask());
        } catch (RuntimeException | AssertionError e) {
            throw internal(e);
        } finally {
            remember(engine.getHandshakeSession());
        }
        return Optional.empty();
    }

    private void remember(@Nullable SSLSession latest) {
        if (latest != null && !established) {
            session = latest; // it has this side's certificate, even after the engine has given up the session
        }
    }

    private void established() throws IOException {
        SSLSession made = engine.getSession();
        // An engine that got a cancel from the peer also says that it is done.
        if (engine.isInboundDone()
                || engine.isOutboundDone()
                || !made.getProtocol().startsWith("TLS")) {
            throw new EOFException();
        }
        session = made;
        X509Certificate certificate = peerCertificate(made);
        try {
            if (certificate != null) {
                // The JDK does not check this if the certificate itself is in the trust store.
                certificate.checkValidity();
            }
        } catch (CertificateException e) {
            throw new SSLException(e);
        }
        established = true;
        if (made.getProtocol().equals("TLSv1.2")) {
            cipher.refuseHandshake();
        }
        cipher.flush();
    }

    boolean isEstablished() {
        return established;
    }

    /** Returns why the handshake failed. */
    String failureText(Throwable cause) {
        return failure.ofHandshake(
                cause instanceof ClosedChannelException && cipher.isEof() ? new EOFException() : cause,
                session,
                cipher.heard());
    }

    /** Returns why the handshake has taken too long. */
    String deadlineText(Duration timeout) {
        ByteBuffer first = cipher.notTls();
        return first.hasRemaining()
                ? failure.notTls(TlsRecords.describePlain(first))
                : failure.ofDeadline(Durations.text(timeout), cipher.heard());
    }

    /**
     * Sends the reason to the peer, if TLS has an alert for it. The tls-channel library throws and does not send the
     * alert.
     */
    void sendAlert() {
        ByteBuffer alert = ByteBuffer.allocate(TlsResources.RECORD_BUFFER);
        try {
            for (int i = 0; i < MAX_ALERTS && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
                try {
                    engine.wrap(NOTHING.duplicate(), alert);
                } catch (SSLException e) {
                    log.trace("the engine says once more what it has said already", e);
                }
            }
            send(alert.flip());
        } catch (RuntimeException e) {
            log.debug("no TLS alert could be made for {}", this, e);
        }
    }

    /** Sends bytes unchanged, if the socket takes them. */
    void send(ByteBuffer ciphertext) {
        try {
            if (ciphertext.hasRemaining()) {
                cipher.write(ciphertext);
            }
            cipher.flush();
        } catch (IOException e) {
            log.debug("the TLS alert could not be sent to {}", this, e);
        }
    }

    /** Sends as many of the held bytes as the socket takes. Failures are only logged. */
    void trySend() {
        send(NOTHING);
    }

    /** Returns the exception for a connection that the peer has ended without a close_notify. */
    IOException cut() {
        return new EOFException(failure.cut());
    }

    /** Returns the exception for a failure after the handshake. Reports the failure to the peer as well. */
    IOException broken(Throwable cause) {
        if (cause instanceof SSLException e) {
            sendAlert();
            return new IOException(failure.ofStream(e, session), e);
        }
        if (cause instanceof TlsChannelFlowControlException) {
            return new IOException("it wants another TLS handshake, which is refused", cause);
        }
        return cause instanceof IOException e ? e : internal(cause);
    }

    static IOException internal(Throwable cause) {
        return new IOException("TLS failed in an unforeseen way: " + cause, cause);
    }

    /** Returns the names in the peer's certificate; empty without a certificate. */
    Set<String> peerNames() {
        X509Certificate certificate = session == null ? null : peerCertificate(session);
        return certificate == null ? Set.of() : CertificateNames.of(certificate);
    }

    private static @Nullable X509Certificate peerCertificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null; // the peer has shown no certificate
        }
    }

    /** Returns the version and the cipher suite. */
    String security() {
        return session == null ? "TLS" : session.getProtocol() + " " + session.getCipherSuite();
    }

    /**
     * Gives all buffers back. Must not be called while a task of the handshake runs: the loop would have to wait for
     * the engine.
     */
    void release() {
        cipher.close();
        releaseRecords();
    }

    /** Gives back the buffers of records. Any thread. */
    void releaseRecords() {
        try {
            tls.close();
        } catch (IOException | RuntimeException | AssertionError e) {
            log.debug("{} could not be closed", this, e);
        }
    }

    /** Gives back the buffers of ciphertext. Loop's thread only. */
    void releaseCiphertext() {
        cipher.close();
    }

    @Override
    public String toString() {
        return "TLS connection with " + Sockets.remote(cipher.socket());
    }
}
