package io.portproxy.tunnel.telemetry;

import io.portproxy.tunnel.stream.DatagramDrop;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of datagrams since the process started.
 *
 * @param in datagrams from users that were carried
 * @param out datagrams for users that were carried
 * @param dropped how many were dropped in either direction, by the key of the reason, as in {@code tunnel_full};
 *     reasons that have not occurred are absent
 * @param replacedSessions sessions that were ended to make room for new ones; only at a port
 */
public record DatagramCounts(long in, long out, Map<String, Long> dropped, long replacedSessions) {
    /** The counts of something that carries no datagrams. */
    public static final DatagramCounts NONE = new DatagramCounts(0, 0, Map.of(), 0);

    /** The keys of all reasons for which a datagram may be dropped. */
    public static final List<String> REASONS =
            Arrays.stream(DatagramDrop.values()).map(DatagramDrop::key).toList();

    public DatagramCounts {
        dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
    }
}
