package io.portproxy.server.exposed;

import io.portproxy.tunnel.telemetry.DatagramCounts;
import io.portproxy.tunnel.telemetry.StreamCounts;
import io.portproxy.tunnel.telemetry.StreamDelays;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An exposed port as it was at one moment.
 *
 * @param bind the address that users connect to, with the port that it really has, or the host and path
 * @param type {@code tcp}, {@code http}, {@code udp} or, at gateways, {@code host}
 * @param remote the remote's name
 * @param target the target's {@code host:port} as the remote sees it
 * @param trouble why the port is not open; empty when it is
 * @param refusing why a user who comes now is reset at once, although the port is open; empty when none is
 * @param denied when the remote last denied the target, as it does not allow it; empty if it has not, or has opened it since
 * @param streams what its streams have come to
 * @param delays how they opened, how fast, and what held them up
 * @param granted whether the remote has asked for it; otherwise it is configured
 * @param refused users who were reset at once, by why: see {@link PortRefusal#key}; only what has happened
 * @param requests what its HTTP requests have come to; nothing of type {@code tcp}
 * @param datagrams what its datagrams have come to; nothing of another type than {@code udp}
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

    /** The same, of a port that the remote has asked for. */
    public PortView asGranted() {
        return new PortView(
                bind, type, remote, target, trouble, refusing, denied, streams, delays, true, refused, requests,
                datagrams);
    }

    /** The same, of a host at gateways. */
    public PortView asHost() {
        return new PortView(
                bind, HOST, remote, target, trouble, refusing, denied, streams, delays, granted, refused, requests,
                datagrams);
    }

    /** Whether it is a host at gateways. */
    public boolean isHost() {
        return type.equals(HOST);
    }

    /** Whether the port is open. What users meet there depends on the remote, too: see {@code refusing}. */
    public boolean listening() {
        return trouble.isEmpty();
    }
}
