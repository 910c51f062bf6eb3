package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.RemoteDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * A remote with its ports and hosts, as it is configured.
 *
 * @param name the remote's name, 1 to 255 bytes; it cannot be changed
 * @param description what the remote is, for people. Default: empty
 * @param enabled whether the remote may connect; one that is disabled is refused, and its users are reset. Default: true
 * @param anonymous whether anybody may use the name without a token. Default: false
 * @param ports what is exposed for it
 * @param hosts which names at gateways lead to it; without it none
 * @param grants which ports the remote may ask for itself; without it none
 * @param access which users may connect, unless a port or host has its own list; without it the server's list applies
 * @param quota how many bytes may pass by all its ports and hosts together; without it any number
 * @param limits how much the users of all its ports and hosts together may have; without it any
 * @param holdWhileAway how long a user waits for the remote while it is away, where a port or host says nothing, as in {@code 5s}; without it as
 *     the server has it
 */
@Schema(name = "RemoteDefinition")
public record RemoteBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String name,
        String description,
        boolean enabled,
        boolean anonymous,
        List<PortBody> ports,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HostBody> hosts,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GrantBody> grants,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AccessBody> access,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<QuotaBody> quota,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LimitsBody> limits,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> holdWhileAway) {

    /** What a definition says, without the secrets. */
    public static RemoteBody of(RemoteDefinition remote) {
        return whole(remote.withoutSecrets());
    }

    /** What a definition says. */
    static RemoteBody whole(RemoteDefinition remote) {
        return new RemoteBody(
                remote.name(),
                remote.description(),
                remote.enabled(),
                remote.anonymous(),
                remote.ports().stream().map(PortBody::whole).toList(),
                remote.hosts().stream().map(HostBody::whole).toList(),
                remote.grants().map(GrantBody::of),
                AccessBody.of(remote.access()),
                QuotaBody.of(remote.quota()),
                LimitsBody.of(remote.limits()),
                remote.holdWhileAway());
    }
}
