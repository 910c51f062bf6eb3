package io.portproxy.admin.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.portproxy.server.LastRefusal;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.TunnelEnd;
import io.portproxy.tunnel.telemetry.TunnelView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A remote, as one role of this process sees it.
 *
 * @param name the remote's name
 * @param role in which role of this process it is seen: {@code server}, as the proxy server of this process sees it;
 *     {@code client}, it is this process itself
 * @param declared who declares it
 * @param presence whether it is there
 * @param connectsTo where it connects to
 * @param lately what has become of its tunnels
 * @param tunnels the remote's tunnels that are up
 * @param atServer what only a server has
 * @param streams counts of its connections since the start
 * @param atClient what only the remote itself has
 */
// In JSON, a remote is one object: the fields of an unwrapped part are its own, in this order.
@Schema(name = "Remote")
record RemoteJson(
        String name,
        String role,
        @JsonUnwrapped RemoteAtServer.Declared declared,
        @JsonUnwrapped Presence presence,
        @JsonUnwrapped RemoteAtClient.ConnectsTo connectsTo,
        @JsonUnwrapped Lately lately,
        List<Tunnel> tunnels,
        @JsonUnwrapped RemoteAtServer atServer,
        Streams streams,
        @JsonUnwrapped RemoteAtClient atClient) {

    /**
     * Whether a remote is there.
     *
     * @param state {@code up} while it has a tunnel, otherwise {@code away}; {@code template} for a template, whose remotes
     *     are listed separately
     * @param instances how many processes use the name
     * @param dialect {@code extended} or {@code classic}, of the first tunnel; null while it is away
     * @param address the other end of the first tunnel; null while it is away
     */
    record Presence(String state, int instances, Optional<String> dialect, Optional<String> address) {}

    /**
     * What has become of a remote's tunnels.
     *
     * @param since since when the remote has been in this state; if it has never connected, since this process started
     * @param lastEnd how the last tunnel ended; null before the first end
     * @param lastRefusal the last refused greeting with its name; null at the client, and before the first
     * @param roundTripMillis the shortest of the last round trips, in milliseconds; null while there is none
     */
    record Lately(
            Instant since, Optional<End> lastEnd, Optional<Refusal> lastRefusal, Optional<Double> roundTripMillis) {}

    /**
     * A tunnel that is up.
     *
     * @param address the address of the tunnel's other end
     * @param dialect the tunnel's dialect, {@code extended} or {@code classic}
     * @param security how the tunnel is protected: {@code plain}, or TLS's version and cipher suite
     * @param instance the process at the other end, 32 hexadecimal digits; null at the client
     * @param since when the tunnel came up
     * @param roundTripMillis the round trip last measured, in milliseconds; null before the first, and in the classic
     *     dialect
     * @param streams how many connections it carries
     * @param available whether it takes new connections
     */
    record Tunnel(
            String address,
            String dialect,
            String security,
            Optional<String> instance,
            Instant since,
            Optional<Double> roundTripMillis,
            int streams,
            boolean available) {

        static Tunnel of(TunnelView view, Optional<String> instance) {
            return new Tunnel(
                    view.address(),
                    view.dialect(),
                    view.security(),
                    instance,
                    view.since(),
                    view.roundTripNanos().map(nanos -> nanos / 1e6),
                    view.streams(),
                    view.available());
        }
    }

    /**
     * Counts of connections since the start.
     *
     * @param live open connections
     * @param total connections that were opened
     * @param bytesIn bytes from users
     * @param bytesOut bytes for users
     * @param closed connections that have ended, by reason
     */
    record Streams(long live, long total, long bytesIn, long bytesOut, Map<String, Long> closed) {
        static Streams of(StreamCounts counts) {
            return new Streams(counts.live(), counts.opened(), counts.bytesIn(), counts.bytesOut(), counts.closed());
        }
    }

    /**
     * How a tunnel ended.
     *
     * @param at when the tunnel ended
     * @param address the address of its other end
     * @param reason why it ended, such as {@code idle_timeout}
     * @param message what happened, for people
     */
    @Schema(name = "TunnelEnd")
    record End(Instant at, String address, String reason, String message) {
        static End of(TunnelEnd end) {
            return new End(end.at(), end.address(), end.reason(), end.message());
        }
    }

    /**
     * A greeting that was refused.
     *
     * @param at when the greeting was refused
     * @param address the address it came from
     * @param message why it was refused, for people
     */
    @Schema(name = "Refusal")
    record Refusal(Instant at, String address, String message) {
        static Refusal of(LastRefusal refusal) {
            return new Refusal(refusal.at(), refusal.address(), refusal.message());
        }
    }
}
