package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.LimitsDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/**
 * Limits of users. Those of the server, of the remote, and of the port or host all apply.
 *
 * @param connections connections at a time; without it any number
 * @param connectionsPerUser connections of one user's address at a time; without it any number
 * @param opensPerSecond new connections per second; without it any number
 * @param opensPerSecondPerUser new connections of one user's address per second; without it any number
 * @param bandwidth bytes per second of all connections together; without it any number
 * @param bandwidthPerConnection bytes per second of each connection; without it any number
 * @param idleTimeout how long a connection may carry no byte, as in {@code 10m}; without it forever
 * @param maxDuration how long a connection may last, as in {@code 8h}; without it forever
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
     * @param in from users to targets, as in {@code 10MB}; without it any number
     * @param out from targets to users; without it any number
     */
    @Schema(name = "Bandwidth")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Bandwidth(Optional<String> in, Optional<String> out) {
        private static Bandwidth of(LimitsDefinition.Bandwidth bandwidth) {
            return new Bandwidth(bandwidth.in(), bandwidth.out());
        }
    }

    /** What a definition says. */
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
