package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.net.GuessPenalties;
import io.portproxy.net.Networks;
import io.portproxy.net.Transport;
import io.portproxy.protocol.Challenge;
import io.portproxy.protocol.Features;
import io.portproxy.protocol.GreetingDecoder.Received;
import io.portproxy.protocol.Hello;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Proof;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.protocol.Wire;
import io.portproxy.server.exposed.user.Bans;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxy server's part of one extended greeting: Hello, Challenge, Proof. An unknown name and a wrong token get the
 * same answer after the same work, and later after each failure. On the loop that accepted the connection.
 */
final class ExtendedGreeting {
    /** The connection that sends the greeting. */
    interface Owner {
        Transport transport();

        InetAddress address();

        EventLoop loop();

        void send(byte[] bytes);

        /** The remote has proved its name. */
        void proved(AuthenticatedHello hello);

        /** The proof has failed. The owner sends the refusal after that many nanoseconds. */
        void rejectAfter(long nanos, Reject reject, String why);
    }

    private final Credentials credentials;
    private final GuessPenalties penalties;
    private final SecureRandom random;
    private final boolean certificates;
    private final Bans bans;
    private @Nullable Hello hello;
    private byte[] helloBytes = {};
    private byte[] challengeBytes = {};

    /**
     * @param certificates whether the remote's TLS certificate must be for its name
     * @param bans counts failures per address
     */
    ExtendedGreeting(
            Credentials credentials, GuessPenalties penalties, SecureRandom random, boolean certificates, Bans bans) {
        this.bans = bans;
        this.credentials = credentials;
        this.penalties = penalties;
        this.random = random;
        this.certificates = certificates;
    }

    /** The name that the remote claims, if it has sent one. */
    Optional<String> name() {
        return Optional.ofNullable(hello).map(Hello::name);
    }

    /** Handles the next instruction of the remote. */
    void received(Owner greeting, Received received) {
        if (received.instruction() instanceof Hello first) {
            hello(greeting, first, received.bytes());
        } else if (received.instruction() instanceof Proof proof && hello != null) {
            proof(greeting, hello, proof, received.bytes());
        }
    }

    private void hello(Owner greeting, Hello first, byte[] bytes) {
        hello = first;
        helloBytes = bytes;
        challengeBytes = new Challenge(Wire.VERSION, Features.NONE, OpaqueBytes.nonce(random)).encode();
        greeting.send(challengeBytes);
    }

    private void proof(Owner greeting, Hello first, Proof proof, byte[] bytes) {
        Optional<TokenVerifier> token = credentials.verify(first.name(), helloBytes, challengeBytes, proof.proof());
        boolean named = !certificates || greeting.transport().peerNames().contains(first.name());
        if (token.isPresent() && named) {
            penalties.succeeded(Networks.of(greeting.address()), first.name());
            greeting.proved(new AuthenticatedHello(first, helloBytes, challengeBytes, bytes, token.get()));
            return;
        }
        bans.failed(greeting.address());
        long wait = penalties.failed(
                Networks.of(greeting.address()),
                first.name(),
                Optional.empty(),
                greeting.loop().nanoTime());
        String why = named
                ? wrong(first)
                : "its certificate is for " + greeting.transport().peerNames() + ", not for its remote name "
                        + quoted(first);
        // The peer knows what its certificate says. But it must not learn whether the name or its token is right.
        String answer = named
                ? "the remote name or its token is wrong; the log of the server says which"
                : "the certificate is not for the remote name";
        Reject reject = new Reject(Reason.DENIED, false, answer);
        greeting.rejectAfter(wait, reject, why);
    }

    private String wrong(Hello first) {
        return credentials.isKnown(first.name())
                ? "remote name " + quoted(first) + " is configured, but the remote has another token"
                : "remote name " + quoted(first) + " is not configured";
    }

    /** Returns the answer for a remote with another version of the protocol. */
    static Reject otherVersion(int version) {
        String message = "version " + version + " of the protocol is not supported by this server; it supports version "
                + Wire.VERSION;
        return new Reject(Reason.PROTOCOL_ERROR, false, message);
    }

    private static String quoted(Hello first) {
        return '"' + first.name() + '"';
    }
}
