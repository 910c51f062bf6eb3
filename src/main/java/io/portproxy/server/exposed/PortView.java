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
 * @param trouble why the port is not open; empty if it is open
 * @param refusing why a user who connects now is refused at once, although the port is open; empty if users are not
 *     refused
 * @param denied when the remote last refused the target because it does not allow it; empty if it has not, or has
 *     opened the target since
 * @param streams the counts of its streams
 * @param delays how fast its streams opened, and what delayed them
 * @param granted whether the remote has asked for the port; otherwise the port is configured
 * @param refused the number of users who were refused, by reason: see {@link PortRefusal#key}; only reasons that
 *     occurred
 * @param requests the counts of its HTTP requests; none for type {@code tcp}
 * @param datagrams the counts of its datagrams; none for types other than {@code udp}
 */
public record PortView(
        String bind,
        String type,
        String remote,
        String target,
        Optional<String> trouble,
        Optional<PortRefusal> refusing,
        Optional<Instant> denied,
        StreamCounts streams,
        StreamDelays delays,
        boolean granted,
        Map<String, Long> refused,
        RequestCounts requests,
        DatagramCounts datagrams) {

    private static final String HOST = "host";

    public PortView {
        refused = Collections.unmodifiableMap(new TreeMap<>(refused));
    }

    /** Returns a copy that is marked as granted. */
    public PortView asGranted() {
        return new PortView(
                bind, type, remote, target, trouble, refusing, denied, streams, delays, true, refused, requests,
                datagrams);
    }

    /** Returns a copy with the type of a host at gateways. */
    public PortView asHost() {
        return new PortView(
                bind, HOST, remote, target, trouble, refusing, denied, streams, delays, granted, refused, requests,
                datagrams);
    }

    /** Whether it is a host at gateways. */
    public boolean isHost() {
        return type.equals(HOST);
    }

    /** Whether the port is open. Users may still be refused, because of the remote: see {@code refusing}. */
    public boolean listening() {
        return trouble.isEmpty();
    }
}
