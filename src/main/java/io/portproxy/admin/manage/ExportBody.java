package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All gateways and remotes that no file declares, with the stored keys of the remotes' tokens.
 *
 * @param gateways the gateways, by name; without it, they stay as they are
 * @param remotes the remotes, by name
 */
@Schema(name = "Export")
public record ExportBody(
        List<GatewayBody> gateways,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<Remote> remotes) {

    /**
     * A remote with its ports, hosts and tokens.
     *
     * @param name the remote's name, 1 to 255 bytes
     * @param description what the remote is, for people. Default: empty
     * @param enabled whether the remote may connect. Default: true
     * @param anonymous whether anybody may use the name without a token. Default: false
     * @param ports the ports that are exposed for it
     * @param hosts the host names at gateways that lead to it; without it none
     * @param grants which ports the remote may ask for itself; without it none
     * @param access which users may connect, unless a port or host has its own list; without it the server's list
     *     applies
     * @param quota how many bytes all its ports and hosts together may carry; without it there is no limit
     * @param limits the limits of the users of all its ports and hosts together; without it none
     * @param holdWhileAway how long a user waits for the remote while it is away, unless a port or host has its own
     *     value; without it, the server's value applies
     * @param tokens its tokens; without them, it keeps the current ones
     */
    @Schema(name = "ExportedRemote")
    public record Remote(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            String description,
            boolean enabled,
            boolean anonymous,
            List<PortBody> ports,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HostBody> hosts,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GrantBody> grants,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AccessBody> access,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<QuotaBody> quota,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LimitsBody> limits,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> holdWhileAway,
            List<Token> tokens) {}

    /**
     * The stored part of a token.
     *
     * @param id the token's id, 16 hexadecimal digits
     * @param label what it is for
     * @param verifier the keys that check its proof; they are secret, because with them somebody could pretend to be
     *     the server
     * @param created when it was made
     * @param expires when it expires; left out if it never does
     */
    @Schema(name = "ExportedToken")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Token(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            String id,

            String label,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            String verifier,

            Instant created,
            Optional<Instant> expires) {

        private static Token of(RemoteToken token) {
            return new Token(token.id(), token.label(), token.verifier().text(), token.created(), token.expires());
        }
    }

    static ExportBody of(List<GatewayDefinition> gateways, List<StoredRemote> remotes) {
        return new ExportBody(
                gateways.stream().map(GatewayBody::of).toList(),
                remotes.stream().map(ExportBody::of).toList());
    }

    private static Remote of(StoredRemote remote) {
        RemoteBody body = RemoteBody.whole(remote.definition());
        return new Remote(
                body.name(),
                body.description(),
                body.enabled(),
                body.anonymous(),
                body.ports(),
                body.hosts(),
                body.grants(),
                body.access(),
                body.quota(),
                body.limits(),
                body.holdWhileAway(),
                remote.tokens().stream().map(Token::of).toList());
    }
}
