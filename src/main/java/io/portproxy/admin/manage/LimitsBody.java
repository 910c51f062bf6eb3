package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.LimitsDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/**
 * Limits for users. The limits of the server, of the remote, and of the port or host all apply.
 *
 * @param connections connections at a time; without it there is no limit
 * @param connectionsPerUser connections of one user's address at a time; without it there is no limit
 * @param opensPerSecond new connections per second; without it there is no limit
 * @param opensPerSecondPerUser new connections of one user's address per second; without it there is no limit
 * @param bandwidth bytes per second of all connections together; without it there is no limit
 * @param bandwidthPerConnection bytes per second of each connection; without it there is no limit
 * @param idleTimeout how long a connection may carry no byte, such as {@code 10m}; without it there is no limit
 * @param maxDuration how long a connection may last, such as {@code 8h}; without it there is no limit
 */
@Schema(name = "Limits")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record LimitsBody(
        Optional<Integer> connections,
        Optional<Integer> connectionsPerUser,
        Optional<Integer> opensPerSecond,
        Optional<Integer> opensPerSecondPerUser,
        Optional<Bandwidth> bandwidth,
        Optional<Bandwidth> bandwidthPerConnection,
        Optional<String> idleTimeout,
        Optional<String> maxDuration) {

    /**
     * Bytes per second.
     *
     * @param in from users to targets, such as {@code 10MB}; without it there is no limit
     * @param out from targets to users; without it there is no limit
     */
    @Schema(name = "Bandwidth")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Bandwidth(Optional<String> in, Optional<String> out) {
        private static Bandwidth of(LimitsDefinition.Bandwidth bandwidth) {
            return new Bandwidth(bandwidth.in(), bandwidth.out());
        }
    }

    /** Returns the body for a definition. */
    public static Optional<LimitsBody> of(Optional<LimitsDefinition> limits) {
        return limits.map(there -> new LimitsBody(
                there.connections(),
                there.connectionsPerUser(),
                there.opensPerSecond(),
                there.opensPerSecondPerUser(),
                there.bandwidth().map(Bandwidth::of),
                there.bandwidthPerConnection().map(Bandwidth::of),
                there.idleTimeout(),
                there.maxDuration()));
    }
}
