package io.portproxy.tunnel.telemetry;

import io.portproxy.tunnel.stream.DatagramDrop;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What datagrams have come to since the process started.
 *
 * @param in those of users that were carried
 * @param out those for users that were carried
 * @param dropped how many were dropped in either direction, by why, as in {@code tunnel_full}; only what has happened
 * @param replacedSessions sessions that were ended to make room for new ones; only at a port
 */
public record DatagramCounts(long in, long out, Map<String, Long> dropped, long replacedSessions) {
    /** Of what carries none. */
    public static final DatagramCounts NONE = new DatagramCounts(0, 0, Map.of(), 0);

    /** The keys of all reasons why a datagram may be dropped. */
    public static final List<String> REASONS =
            Arrays.stream(DatagramDrop.values()).map(DatagramDrop::key).toList();

    public DatagramCounts {
        dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
    }
}
