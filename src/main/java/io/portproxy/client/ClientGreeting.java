package io.portproxy.client;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.ReadyHandler;
import io.portproxy.net.Timers;
import io.portproxy.net.Transport;
import io.portproxy.net.tls.TlsRecords;
import io.portproxy.protocol.Challenge;
import io.portproxy.protocol.GreetingDecoder;
import io.portproxy.protocol.GreetingDecoder.Received;
import io.portproxy.protocol.Hello;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.OtherVersionException;
import io.portproxy.protocol.Proof;
import io.portproxy.protocol.Proofs;
import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.Token;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.protocol.Welcome;
import io.portproxy.protocol.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The remote's part of an extended greeting. It sends Hello, then a Proof over the server's Challenge. Then it checks the server's proof in
 * its Welcome. So each side proves that it holds the token. On the tunnel's loop.
 */
final class ClientGreeting implements ReadyHandler {

    /** Receives the result of a greeting. One of its methods is called, once. */
    interface Outcome {
        /**
         * The server has accepted the name and proved that it holds the token.
         *
         * @param rest bytes that arrived after the greeting
         */
        void welcomed(Transport transport, Welcome welcome, ByteBuffer rest);

        /**
         * The greeting has failed, and the connection is closed.
         *
         * @param why the reason, for a log line
         */
        void failed(String why);
    }

    private final EventLoop loop;
    private final Transport transport;
    private final Hello hello;
    private final Token token;
    private final Outcome outcome;
    private final GreetingDecoder decoder = GreetingDecoder.ofServer();
    private final ByteBuffer buffer = ByteBuffer.allocate(decoder.maxUndecoded());
    private final byte[] helloBytes;
    private byte[] challengeBytes = {};
    private byte[] proofBytes = {};
    private Timers.@Nullable Timer deadline;
    private @Nullable SelectionKey key;
    private boolean done;

    ClientGreeting(EventLoop loop, Transport transport, Hello hello, Token token, Outcome outcome) {
        this.loop = loop;
        this.transport = transport;
        this.hello = hello;
        this.helloBytes = hello.encode();
        this.token = token;
        this.outcome = outcome;
    }

    void start(Duration timeout) {
        try {
            key = loop.register(transport.socket(), SelectionKey.OP_READ, this);
            deadline = loop.timers()
                    .afterAwake(
                            timeout.toNanos(),
                            () -> fail("the server has not finished the greeting within " + Durations.text(timeout)));
            send(helloBytes);
            if (transport.hasBuffered()) {
                ready(SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void ready(int readyOps) {
        if (done) {
            return;
        }
        try {
            transport.flush();
            do {
                if (transport.read(buffer) < 0) {
                    fail("the server closed the connection during the greeting; it may speak only the classic dialect");
                    return;
                }
                buffer.flip();
                decode();
            } while (!done && transport.hasBuffered());
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (OtherVersionException e) {
            fail("the server speaks version " + e.version() + " of the protocol, not " + Wire.VERSION);
        } catch (ProtocolException e) {
            fail(notOurs().orElseGet(() -> message(e)));
        }
        if (!done && key != null && key.isValid()) {
            key.interestOps(transport.interest(true, false));
        }
    }

    private void decode() throws IOException, ProtocolException {
        while (!done) {
            Optional<Received> received = decoder.decode(buffer);
            if (received.isEmpty()) {
                buffer.compact();
                return;
            }
            received(received.get());
        }
    }

    private void received(Received received) throws IOException {
        if (received.instruction() instanceof Challenge) {
            challengeBytes = received.bytes();
            proofBytes = new Proof(Proofs.remote(token, helloBytes, challengeBytes)).encode();
            send(proofBytes);
        } else if (received.instruction() instanceof Welcome welcome) {
            TokenVerifier verifier = TokenVerifier.of(token);
            OpaqueBytes expected = Proofs.server(verifier, helloBytes, challengeBytes, proofBytes, received.bytes());
            if (!expected.equals(welcome.proof())) { // in constant time
                fail("the server cannot prove that it holds the token of remote " + hello.name());
                return;
            }
            finish();
            outcome.welcomed(transport, welcome, buffer);
        } else if (received.instruction() instanceof Reject reject) {
            fail("the server refuses: " + reject.reason().text() + ": " + reject.message());
        }
    }

    private void send(byte[] instruction) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(instruction);
        transport.write(out);
        transport.flush();
        if (out.hasRemaining()) {
            throw new IOException("the server does not read the greeting");
        }
    }

    /** Describes a server that does not begin with a Challenge or a Reject; empty if it is not recognized. */
    private Optional<String> notOurs() {
        if (challengeBytes.length > 0) {
            return Optional.empty();
        } else if (TlsRecords.looksLikeTls(buffer)) {
            return Optional.of("the server speaks TLS: set portproxy.client.ssl.bundle, or write --tls or --tls-ca");
        }
        return TlsRecords.describeForeign(buffer)
                .map(what -> "this is no PortProxy server: " + what
                        + "; set portproxy.client.server to the address of portproxy.server.bind at the server");
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private void fail(String why) {
        if (!done) {
            finish();
            transport.close();
            outcome.failed(why);
        }
    }

    /** Closes the connection and calls {@link Outcome#failed}, unless the greeting is already over. */
    @Override
    public void abort() {
        fail("this side stopped the greeting");
    }

    private void finish() {
        done = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }

    @Override
    public String toString() {
        return "greeting of the server";
    }
}
