package io.portproxy.manage;

import io.portproxy.protocol.TokenVerifier;
import java.time.Instant;
import java.util.Optional;

/**
 * A token that lets a remote have its name, without the token itself: what the server keeps cannot be used to be the remote.
 *
 * @param id what it is referred to by, among all tokens
 * @param label what it is for, for people
 * @param verifier what a remote's proof is checked with
 * @param created when it was made
 * @param expires from when on it is not valid any more; empty for never
 */
public record RemoteToken(String id, String label, TokenVerifier verifier, Instant created, Optional<Instant> expires) {

    /** Whether it is valid at that moment. */
    public boolean isValid(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }
}
