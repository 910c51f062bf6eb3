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
 * @param enabled whether the remote may connect; the server refuses a disabled remote and resets its users. Default:
 *     true
 * @param anonymous whether anybody may use the name without a token. Default: false
 * @param ports the ports that are exposed for it
 * @param hosts the host names at gateways that lead to it; without it none
 * @param grants which ports the remote may ask for itself; without it none
 * @param access which users may connect, unless a port or host has its own list; without it the server's list applies
 * @param quota how many bytes may pass through all its ports and hosts together; without it there is no limit
 * @param limits the limits for the users of all its ports and hosts together; without it none
 * @param holdWhileAway how long a user waits for the remote while it is away, unless a port or host has its own value,
 *     such as {@code 5s}; without it, the server's value applies
 */
@Schema(name = "RemoteDefinition")
record RemoteBody(
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

    /** Returns the body for a definition, without secrets. */
    static RemoteBody of(RemoteDefinition remote) {
        return whole(remote.withoutSecrets());
    }

    /** Returns the body for a definition, with secrets. */
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
