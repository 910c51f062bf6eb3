package io.portproxy.admin.manage;

import io.portproxy.manage.RemoteToken;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;

/**
 * A token of a remote; the token itself is shown once, when it is made.
 *
 * @param id what the token is referred to by
 * @param label what it is for
 * @param created when it was made
 * @param expires from when on it is not valid any more; null for never
 * @param lastUsed when a remote last proved it, to the minute; null if none has
 */
@Schema(name = "RemoteToken")
public record TokenJson(
        String id, String label, Instant created, Optional<Instant> expires, Optional<Instant> lastUsed) {

    /**
     * A token that was made.
     *
     * @param id what the token is referred to by
     * @param label what it is for
     * @param token the token: the only time that it is shown
     * @param created when it was made
     * @param expires from when on it is not valid any more; null for never
     */
    @Schema(name = "NewRemoteToken")
    public record Made(String id, String label, String token, Instant created, Optional<Instant> expires) {}

    static TokenJson of(RemoteToken token, Optional<Instant> lastUsed) {
        return new TokenJson(token.id(), token.label(), token.created(), token.expires(), lastUsed);
    }
}
