package io.portproxy.server;

import io.portproxy.tunnel.StreamCounts;
import io.portproxy.tunnel.StreamDelays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An exposed port as it was at one moment.
 *
 * @param bind the address that users connect to, with the port that it really has
 * @param type {@code tcp} or {@code http}
 * @param remote the remote's name
 * @param target the target's {@code host:port} as the remote sees it
 * @param trouble why users cannot connect; empty when they can
 * @param streams what its streams have come to
 * @param delays how they opened, how fast, and what held them up
 * @param refused users who were reset at once, by why: see {@link PortRefusal#key}; only what has happened
 */
public record PortView(
        String bind,
        String type,
        String remote,
        String target,
        Optional<String> trouble,
        StreamCounts streams,
        StreamDelays delays,
        Map<String, Long> refused) {

    public PortView {
        refused = Collections.unmodifiableMap(new TreeMap<>(refused));
    }

    /** Whether users can connect. */
    public boolean listening() {
        return trouble.isEmpty();
    }
}
