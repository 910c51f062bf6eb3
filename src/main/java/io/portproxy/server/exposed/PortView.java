package io.portproxy.server.exposed;

import io.portproxy.server.exposed.user.PortRefusal;
import io.portproxy.server.exposed.user.RequestCounts;
import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of an exposed port at one moment.
 *
 * @param bind the address that users connect to, with the real port; for a host at gateways, the host and path
 * @param type {@code tcp}, {@code http}, {@code udp} or, at gateways, {@code host}
 * @param remote the remote's name
 * @param target the target's {@code host:port} as the remote sees it
 * @param granted whether the remote has asked for the port; otherwise the port is configured
 * @param condition whether users reach the target
 * @param counts what has been counted since the start
 */
public record PortView(
        String bind, String type, String remote, String target, boolean granted, Condition condition, Counts counts) {

    private static final String HOST = "host";

    /**
     * Whether users reach the target.
     *
     * @param trouble why the port is not open; empty if it is open
     * @param refusing why a user who connects now is refused at once, although the port is open; empty if users are not
     *     refused
     * @param denied when the remote last refused the target because it does not allow it; empty if it has not, or has
     *     opened the target since
     */
    public record Condition(Optional<String> trouble, Optional<PortRefusal> refusing, Optional<Instant> denied) {
        /** The port is open, and nothing is known against its target. */
        public static final Condition GOOD = new Condition(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * What has been counted at a port since the start.
     *
     * @param streams the counts of its streams
     * @param delays how fast its streams opened, and what delayed them
     * @param refused the number of users who were refused, by reason: see {@link PortRefusal#key}; only reasons that
     *     occurred
     * @param requests the counts of its HTTP requests; none for type {@code tcp}
     * @param datagrams the counts of its datagrams; none for types other than {@code udp}
     */
    public record Counts(
            StreamCounts streams,
            StreamDelays delays,
            Map<String, Long> refused,
            RequestCounts requests,
            DatagramCounts datagrams) {
        public Counts {
            refused = Collections.unmodifiableMap(new TreeMap<>(refused));
        }
    }

    /** Returns a copy that is marked as granted. */
    public PortView asGranted() {
        return new PortView(bind, type, remote, target, true, condition, counts);
    }

    /** Returns a copy with the type of a host at gateways. */
    public PortView asHost() {
        return new PortView(bind, HOST, remote, target, granted, condition, counts);
    }

    /** Returns why the port is not open; empty if it is open. */
    public Optional<String> trouble() {
        return condition.trouble();
    }

    /** Returns why a user who connects now is refused at once; see {@link Condition}. */
    public Optional<PortRefusal> refusing() {
        return condition.refusing();
    }

    /** Returns when the remote last refused the target; see {@link Condition}. */
    public Optional<Instant> denied() {
        return condition.denied();
    }

    /** Returns the counts of its streams. */
    public StreamCounts streams() {
        return counts.streams();
    }

    /** Returns how fast its streams opened, and what delayed them. */
    public StreamDelays delays() {
        return counts.delays();
    }

    /** Returns the number of users who were refused, by reason. */
    public Map<String, Long> refused() {
        return counts.refused();
    }

    /** Returns the counts of its HTTP requests. */
    public RequestCounts requests() {
        return counts.requests();
    }

    /** Returns the counts of its datagrams. */
    public DatagramCounts datagrams() {
        return counts.datagrams();
    }

    /** Whether it is a host at gateways. */
    public boolean isHost() {
        return type.equals(HOST);
    }

    /** Whether the port is open. Users may still be refused, because of the remote: see {@code refusing}. */
    public boolean listening() {
        return trouble().isEmpty();
    }
}
