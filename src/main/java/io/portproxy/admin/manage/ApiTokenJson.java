package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.ApiToken;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;

/**
 * A token of the admin API. The token itself is shown once, when it is made.
 *
 * @param id the token's id
 * @param label what it is for
 * @param role what a program with this token may do: {@code viewer}, {@code operator} or {@code admin}
 * @param created when it was made
 * @param expires when it expires; left out if it never does
 */
@Schema(name = "ApiToken")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ApiTokenJson(String id, String label, String role, Instant created, Optional<Instant> expires) {

    /**
     * A new token.
     *
     * @param id the token's id
     * @param label what it is for
     * @param role what a program with this token may do
     * @param token the token, which is never shown again
     * @param created when it was made
     * @param expires when it expires; left out if it never does
     */
    @Schema(name = "NewApiToken")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Made(
            String id, String label, String role, String token, Instant created, Optional<Instant> expires) {}

    static ApiTokenJson of(ApiToken token) {
        return new ApiTokenJson(token.id(), token.label(), token.role(), token.created(), token.expires());
    }
}
