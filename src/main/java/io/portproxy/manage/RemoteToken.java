package io.portproxy.manage;

import io.portproxy.protocol.TokenVerifier;
import java.time.Instant;
import java.util.Optional;

/**
 * A token with which a remote proves its name. Contains only a verifier: with what the server keeps, nobody can connect as the remote.
 *
 * @param id identifies the token among all tokens
 * @param label what the token is for, as text for people
 * @param verifier checks the proof that a remote sends
 * @param created when it was made
 * @param expires the time from which it is no longer valid; empty for never
 */
public record RemoteToken(String id, String label, TokenVerifier verifier, Instant created, Optional<Instant> expires) {

    /** Returns whether the token is valid at that moment. */
    public boolean isValid(Instant now) {
        return expires.isEmpty() || now.isBefore(expires.get());
    }
}
