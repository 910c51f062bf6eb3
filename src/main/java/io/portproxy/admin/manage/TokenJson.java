package io.portproxy.admin.manage;

import io.portproxy.manage.RemoteToken;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;

/**
 * A token of a remote. The token itself is shown once, when it is made.
 *
 * @param id the token's id
 * @param label what it is for
 * @param created when it was made
 * @param expires when it expires; null if it never does
 * @param lastUsed when a remote last used it, to the minute; null if none has
 */
@Schema(name = "RemoteToken")
public record TokenJson(
        String id, String label, Instant created, Optional<Instant> expires, Optional<Instant> lastUsed) {

    /**
     * A new token.
     *
     * @param id the token's id
     * @param label what it is for
     * @param token the token, which is never shown again
     * @param created when it was made
     * @param expires when it expires; null if it never does
     */
    @Schema(name = "NewRemoteToken")
    public record Made(String id, String label, String token, Instant created, Optional<Instant> expires) {}

    static TokenJson of(RemoteToken token, Optional<Instant> lastUsed) {
        return new TokenJson(token.id(), token.label(), token.created(), token.expires(), lastUsed);
    }
}
