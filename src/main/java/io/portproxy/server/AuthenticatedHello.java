package io.portproxy.server;

import io.portproxy.protocol.Features;
import io.portproxy.protocol.Hello;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Proofs;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.protocol.Welcome;

/** The instructions of an extended greeting, as they were on the wire, and the token that the remote has proved. */
final class AuthenticatedHello {
    private final Hello hello;
    private final byte[] helloBytes;
    private final byte[] challengeBytes;
    private final byte[] proofBytes;
    private final TokenVerifier token;

    AuthenticatedHello(Hello hello, byte[] helloBytes, byte[] challengeBytes, byte[] proofBytes, TokenVerifier token) {
        this.hello = hello;
        this.helloBytes = helloBytes;
        this.challengeBytes = challengeBytes;
        this.proofBytes = proofBytes;
        this.token = token;
    }

    String name() {
        return hello.name();
    }

    OpaqueBytes instance() {
        return hello.instance();
    }

    /** The features that the remote has. */
    Features features() {
        return hello.features();
    }

    /** The token that the remote has proved. */
    TokenVerifier token() {
        return token;
    }

    int tunnelIndex() {
        return hello.tunnelIndex();
    }

    /** Returns the encoded Welcome with the server's proof. */
    byte[] welcome(OpaqueBytes session, Features features, int initialWindow, long keepAliveMillis) {
        Welcome unproved = Welcome.unproved(session, features, initialWindow, keepAliveMillis, 0);
        OpaqueBytes proof = Proofs.server(token, helloBytes, challengeBytes, proofBytes, unproved.encode());
        return unproved.withProof(proof).encode();
    }
}
